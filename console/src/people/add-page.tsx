/** Adding a person by hand. */
import { Checkbox, PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { UserInput } from '../contract.ts';
import { check, missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { PageHeader, Panel } from '../interface/page.tsx';
import { useAddPerson } from './api.ts';
import { texts } from './texts.ts';

type PersonValues = {
  login: string;
  email: string;
  firstName: string;
  lastName: string;
  password: string;
  activate: boolean;
};

const EMPTY: PersonValues = { login: '', email: '', firstName: '', lastName: '', password: '', activate: true };
const SHORTEST_PASSWORD = 12;
const { add } = texts;

export function AddPersonPage() {
  const navigate = useNavigate();
  const save = useAddPerson();
  const screen = useScreenForm<PersonValues>({ draft: 'person.new', initial: EMPTY, validate, secrets: ['password'] });
  const { form } = screen;
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
            { input: toWire(values), activate: values.activate },
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
            <TextInput
              label={add.email}
              withAsterisk
              type="email"
              autoComplete="off"
              {...form.getInputProps('email')}
            />
            <PasswordInput
              label={add.password}
              description={add.passwordHelp}
              autoComplete="new-password"
              {...form.getInputProps('password')}
            />
            <Checkbox label={add.activate} {...form.getInputProps('activate', { type: 'checkbox' })} />
          </Stack>
        </Panel>
      </FormFrame>
    </>
  );
}

function validate(values: PersonValues) {
  const short = values.password !== '' && values.password.length < SHORTEST_PASSWORD;
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
    },
    ...(values.password === '' ? {} : { credentials: { password: { value: values.password } } }),
  };
}
