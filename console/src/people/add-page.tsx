/** Adding a person by hand. */
import { Checkbox, PasswordInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Profile, SchemaProperty, UserInput, UserType } from '../contract.ts';
import { check, missing } from '../interface/form/checks.ts';
import { Choice } from '../interface/form/choice.tsx';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../interface/form/screen-form.ts';
import { PageHeader, Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { profileIdOf, USER_PROFILE, useProfileSchema, useUserTypes } from '../profile-editor/api.ts';
import { useAddPerson } from './api.ts';
import { AttributeField } from './attribute-field.tsx';
import { texts } from './texts.ts';

type PersonValues = {
  login: string;
  email: string;
  firstName: string;
  lastName: string;
  activation: 'now' | 'later';
  passwordBy: 'user' | 'admin';
  password: string;
  changeNext: boolean;
  /** A user type's id; empty for the default one. */
  typeId: string;
  /** Values of the custom attributes that the type requires. */
  custom: Profile;
};

const EMPTY: PersonValues = {
  ...{ login: '', email: '', firstName: '', lastName: '' },
  ...({ activation: 'now', passwordBy: 'user', password: '', changeNext: true } as const),
  ...{ typeId: '', custom: {} },
};
const SHORTEST_PASSWORD = 12;
const { add } = texts;

export function AddPersonPage() {
  const navigate = useNavigate();
  const save = useAddPerson();
  const types = useUserTypes();
  const screen = useScreenForm<PersonValues>({
    draft: 'person.new',
    initial: EMPTY,
    validate,
    secrets: ['password'],
  });
  const { form } = screen;
  const demanded = useDemanded(types.data ?? [], form.values.typeId);
  return (
    <>
      <PageHeader title={add.title} sentence={add.sentence} back={{ to: '/directory/people', label: texts.title }} />
      <FormFrame
        screen={screen}
        submit={add.submit}
        pending={save.isPending}
        error={save.error}
        onCancel={() => void navigate({ to: '/directory/people' })}
        onSubmit={(values) =>
          save.mutate(
            {
              input: toWire(values),
              activate: values.activation === 'now',
              changeNext: byAdmin(values) && values.activation === 'now' && values.changeNext,
            },
            {
              onSuccess: (user) => {
                screen.saved();
                void navigate({ to: '/directory/people/$id', params: { id: user.id } });
              },
              onError: screen.refused,
            },
          )
        }
      >
        <Panel>
          <Stack gap="md" maw={640}>
            {types.data !== undefined && types.data.length > 1 && (
              <Select
                label={add.type}
                data={types.data.map((type) => ({
                  value: type.default ? '' : type.id,
                  label: type.default ? labels.userDefault : type.displayName,
                }))}
                allowDeselect={false}
                {...form.getInputProps('typeId')}
              />
            )}
            <NameFields form={form} />
            {demanded.map(([name, property]) => (
              <AttributeField
                key={name}
                name={`custom.${name}`}
                property={property}
                required
                form={{ getInputProps: (path, options) => form.getInputProps(path as 'custom', options) }}
              />
            ))}
            <SigningIn form={form} />
          </Stack>
        </Panel>
      </FormFrame>
    </>
  );
}

function NameFields({ form }: Pick<ScreenForm<PersonValues>, 'form'>) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <TextInput label={add.firstName} withAsterisk autoComplete="off" {...form.getInputProps('firstName')} />
        <TextInput label={add.lastName} withAsterisk autoComplete="off" {...form.getInputProps('lastName')} />
      </SimpleGrid>
      <TextInput
        label={add.login}
        description={add.loginHelp}
        withAsterisk
        autoComplete="off"
        {...form.getInputProps('login')}
      />
      <TextInput label={add.email} withAsterisk type="email" autoComplete="off" {...form.getInputProps('email')} />
    </>
  );
}

/** The custom attributes that a type requires: without them nobody of it can be saved. */
function useDemanded(types: readonly UserType[], typeId: string): [string, SchemaProperty][] {
  const type = types.find(({ id }) => id === typeId);
  const schema = useProfileSchema(type === undefined ? USER_PROFILE : profileIdOf(type));
  const { properties = {}, required = [] } = schema.data?.value.definitions.custom ?? {};
  return Object.entries(properties).filter(([name]) => required.includes(name));
}

/** When the person may sign in, and who chooses the password. */
function SigningIn({ form }: { form: ScreenForm<PersonValues>['form'] }) {
  return (
    <>
      <Choice
        label={add.activation}
        choices={add.activations}
        value={form.values.activation}
        onChange={(value) => form.setFieldValue('activation', value)}
      />
      <Choice
        label={add.passwordBy}
        description={add.passwordByHelp}
        choices={add.passwordsBy}
        value={form.values.passwordBy}
        onChange={(value) => form.setFieldValue('passwordBy', value)}
      />
      {byAdmin(form.values) && (
        <>
          <PasswordInput
            label={add.password}
            description={add.passwordHelp}
            withAsterisk
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          {form.values.activation === 'now' && (
            <Checkbox label={add.changeNext} {...form.getInputProps('changeNext', { type: 'checkbox' })} />
          )}
        </>
      )}
    </>
  );
}

const byAdmin = ({ passwordBy }: PersonValues) => passwordBy === 'admin';

function validate(values: PersonValues) {
  const short = byAdmin(values) && values.password.length < SHORTEST_PASSWORD;
  return check(
    ['firstName', missing(values.firstName, add.firstName)],
    ['lastName', missing(values.lastName, add.lastName)],
    ['login', missing(values.login, add.login)],
    ['email', missing(values.email, add.email)],
    ['password', short ? add.passwordShort : null],
  );
}

function toWire(values: PersonValues): UserInput {
  return {
    profile: {
      login: values.login.trim(),
      email: values.email.trim(),
      firstName: values.firstName.trim(),
      lastName: values.lastName.trim(),
      ...Object.fromEntries(Object.entries(values.custom).filter(([, value]) => value !== '')),
    },
    ...(values.typeId === '' ? {} : { type: { id: values.typeId } }),
    ...(!byAdmin(values) ? {} : { credentials: { password: { value: values.password } } }),
  };
}
