// Roles that people have (`author_id`, `created_by`, `manager_id`): where there is one table of people, they lead to it.
import { singularsOf } from "./other-languages.js";

/** Tables of people, by what one row is called. */
export const isPeople = (noun: string): boolean => people.has(noun);

const people: ReadonlySet<string> = new Set(
  (
    "user usr employee person member staff " +
    "benutzer nutzer mitarbeiter utilisateur employe personne usuario empleado persona funcionario empregado pessoa utilizador utente"
  ).split(" "),
);

/** Roles that nothing but a person has. Not `host`, `lead`, `driver` or `contact`, which are things of their own as often. */
const roles: ReadonlySet<string> = new Set(
  (
    "author coauthor owner creator updater updator modifier editor deleter assignee assigner assignor reviewer approver uploader submitter requester requestor reporter " +
    "sender recipient receiver organizer organiser poster commenter voter follower followee subscriber inviter invitee invited manager supervisor boss leader " +
    "mentor buyer seller purchaser revoker granter grantor redeemer resolver impersonator flagger gifter referee grader committer teacher instructor salesperson rep actor moderator librarian " +
    "autor verfasser ersteller bearbeiter besitzer eigentuemer vorgesetzter ansprechpartner betreuer leiter verkaeufer " +
    "auteur createur proprietaire responsable vendeur jefe creador propietario gerente vendedor criador proprietario"
  ).split(" "),
);

/** `created_by`: what somebody has done. */
const deeds: ReadonlySet<string> = new Set(
  (
    "created updated modified changed edited deleted removed approved rejected reviewed assigned uploaded submitted requested closed opened reopened resolved " +
    "reported added inserted entered written made sent archived verified confirmed invited granted revoked cancelled canceled completed performed handled " +
    "managed owned processed posted checked authorized authorised received signed scheduled banned raised recorded upd"
  ).split(" "),
);

/** Words before a role by which it is a number or a truth, or what a machine has done. */
const noOnes: ReadonlySet<string> = new Set(
  "is has was can no num max min count total auto automatically system".split(" "),
);

/** `sorted_by`: a participle that needs no one, or that things do. */
const noDeeds: ReadonlySet<string> = new Set(
  "locked sorted grouped ordered caused replaced superseded followed preceded powered sponsored used required blocked covered triggered needed limited divided inherited".split(
    " ",
  ),
);

const isDeed = (word: string): boolean => deeds.has(word) || (/[a-z]{3,}ed$/.test(word) && !noDeeds.has(word));

/** `max_user`: a number, or a truth. */
export const isCounted = (stem: readonly string[]): boolean => noOnes.has(stem[0] as string);

/** Does the stem of a column say who? `last_poster`, `approved_by`, `assigned_to`, `write_uid`, `createdby`. */
export function isRoleOfPeople(stem: readonly string[], isKeyed = false): boolean {
  const [last = "", before = ""] = [stem.at(-1), stem.at(-2)];
  if (isCounted(stem)) return false;
  if (last === "by") return isDeed(before);
  if (isKeyed && /edby$/.test(last)) return true;
  if (last === "uid") return before !== "";
  return roles.has(last) || (last === "to" && before === "assigned");
}

/** What people are to one another where they work, and not to an application. */
const atWork: ReadonlySet<string> = new Set(
  (
    "manager supervisor boss leader mentor teacher instructor salesperson rep librarian buyer seller purchaser " +
    "vorgesetzter ansprechpartner betreuer leiter verkaeufer responsable vendeur jefe gerente vendedor"
  ).split(" "),
);

export const isAtWork = (stem: readonly string[]): boolean => atWork.has(stem.at(-1) as string);

/** What people are to something that a table links them with. */
const parts: ReadonlySet<string> = new Set(
  "member participant attendee watcher viewer contributor collaborator admin administrator maintainer speaker guest student performer".split(
    " ",
  ),
);

/** `issue_assignees`, `group_members`: a role by which people are called on the other side of a link. */
export const isPartOfPeople = (noun: string): boolean => roles.has(noun) || parts.has(noun);

const amongThemselves: ReadonlySet<string> = new Set(
  (
    "manager supervisor boss reports_to mentor superior lead line_manager managed_by supervised_by referrer referred_by invited_by spouse " +
    "chef vorgesetzter jefe responsable gerente supervisora"
  ).split(" "),
);

const workers: ReadonlySet<string> = new Set(
  "worker contact agent personal student vendedor vendeur verkaeufer seller".split(" "),
);

/** `employees.manager_id`: somebody of the same table. */
export const isAmongThemselves = (role: string, noun: string): boolean =>
  amongThemselves.has(role) && [noun, ...singularsOf(noun)].some((one) => people.has(one) || workers.has(one));
