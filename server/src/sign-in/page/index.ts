/**
 * sign-in/page: the HTML of what people see on the way in and out. Pure functions from values to a document; every value is escaped by
 * the template itself. It is not the routes (sign-in) nor the headers (http): a page is sent with `pageHeaders` under the same nonce.
 */
export { type Html, html, literal } from './html.ts';
export { LANGUAGES, type Language, languageOf } from './language.ts';
export { mark } from './layout.ts';
export {
  type ForgotPage,
  forgotPage,
  linkSentPage,
  type NewPasswordPage,
  newPasswordPage,
} from './own-password/pages.ts';
export type { Occasion, PasswordFault } from './own-password/texts.ts';
export { type AccountPage, accountPage, type ShownAttribute, type ShownSession } from './portal/account.ts';
export { type DashboardPage, dashboardPage } from './portal/dashboard.ts';
export { type PostingPage, postingPage } from './posting.ts';
export { type ProblemPage, problemPage } from './problem.ts';
export {
  type ChoosePage,
  choosePage,
  identifierPage,
  type PasswordPage,
  passwordPage,
  type SignInPage,
} from './sign-in.ts';
export { type ConfirmSignOutPage, confirmSignOutPage, signedOutPage } from './sign-out.ts';
