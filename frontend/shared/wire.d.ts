// What a socket sends and receives at each of the server's endpoints, built from the generated types of frames.
import type {
  CallerFrame,
  CallerReplies,
  CallerRequests,
  ConsoleFrame,
  ConsoleReplies,
  ConsoleRequests,
  DeskOk,
  DeskRequests,
} from "./protocol.d.ts";

export interface Frame {
  type: string;
  [field: string]: unknown;
}

export interface Wire {
  requests: object;
  replies: object;
  opening: object;
  opened: object;
  frame: object;
}

/** Used to test a socket without an endpoint. */
export interface AnyWire {
  requests: Record<string, object>;
  replies: Record<string, Frame>;
  opening: Frame;
  opened: Frame;
  frame: Frame;
}

/** The frame of a request, without its `ref`. */
export type Named<Requests, Name extends keyof Requests> = { type: Name } & Requests[Name];

export interface CallerWire {
  requests: CallerRequests;
  replies: CallerReplies;
  opening: Named<CallerRequests, "start"> | Named<CallerRequests, "resume"> | Named<CallerRequests, "return">;
  opened: CallerReplies["start"] | CallerReplies["resume"] | CallerReplies["return"];
  frame: CallerFrame;
}

/** The endpoint of console and board. A guest's page uses part of it, with another opening frame. */
export interface StaffWire {
  requests: ConsoleRequests;
  replies: ConsoleReplies;
  opening: Named<ConsoleRequests, "hello"> | Named<DeskRequests, "desk">;
  opened: ConsoleReplies["hello"] | DeskOk;
  frame: ConsoleFrame;
}

type Rest<Fields> = Record<never, never> extends Fields ? [fields?: Fields] : [fields: Fields];

export type Request<At extends Wire> = <Name extends keyof At["requests"] & keyof At["replies"]>(
  type: Name,
  ...fields: Rest<At["requests"][Name]>
) => Promise<At["replies"][Name]>;

type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type FieldOf<Union, Key> = Union extends unknown ? (Key extends keyof Union ? Union[Key] : never) : never;

/** A frame of a union before its kind is checked: each field has the types that it has in any kind. */
export type Fields<Union> = { [Key in KeyOf<Union>]: FieldOf<Union, Key> };

type EntryOf<Union> = Union extends { kind: string } ? Union : never;
export type CallerEntry = EntryOf<CallerFrame>;
export type StaffEntry = EntryOf<ConsoleFrame>;
