/**
 * The typed client of the HTTP API. Generated from the OpenAPI document by `npm run client`: do not edit.
 *
 *     const { data, error } = await foresellClient('http://127.0.0.1:3000').POST('/v1/scores/{model}', {
 *       params: { path: { model: 'deal' } },
 *       body: { ids: ['D01065'] },
 *     });
 */
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';

/**
 * A client of a server: paths, bodies and answers are checked by the compiler. Nothing is thrown for an answer that is a problem: it is `error`.
 * @param key of `foresell keys add`, where the server asks for one
 */
export function foresellClient(baseUrl: string, key?: string, options: ClientOptions = {}): Client<paths> {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return createClient<paths>({ ...options, baseUrl, headers: { ...authorization, ...options.headers } });
}

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It lives. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scores can be given: there are deals, and a verified model is served */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Ready. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ready";
                            sample: boolean;
                        };
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scores/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest scores of the open deals, open leads or current customers, a page at a time
         * @description All pages of one walk are of one version and one instant: whatever is scored in between, nothing comes twice or is left out. Where more than a hundred scores changed at once they are kept without reasons; the score of one, or a POST of its id, has them.
         */
        get: {
            parameters: {
                query?: {
                    /** @description A minus in front means descending. Amounts of several currencies are compared by their minor units as they are. */
                    sort?: "probability" | "byPeriodEnd" | "amount" | "id" | "-probability" | "-byPeriodEnd" | "-amount" | "-id";
                    /** @description grade:A or owner:ID, several separated by commas. */
                    filter?: string;
                    limit?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    /** @description deal, lead, churn, the name of one of the company’s own labels, or of a model of a flat table (POST). */
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScorePage"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The disk is full, so that nothing was written. */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Score now: deals, leads or customers (churn) by id, or whole records that are not stored
         * @description Up to 1,000 items; the order is kept and each item is a score or an error. Without asOf an item is as of the hour, or of when something of it came in since: of a whole record, of the newest thing that it tells. A body in which every record is malformed is refused as a whole.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description deal, lead, churn, the name of one of the company’s own labels, or of a model of a flat table (POST). */
                    model: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ScoreRequest"];
                };
            };
            responses: {
                /** @description A score or an error per item; of a model of a flat table TableScoreAnswer. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScoreAnswer"] | components["schemas"]["TableScoreAnswer"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scores/{model}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One score, with reasons, dates, trend, why it moved and the most similar that ended */
        get: {
            parameters: {
                query?: {
                    /** @description Explain the change since then. Default: since the last score that was another. */
                    since?: string;
                    /** @description How many similar ones. */
                    similar?: number;
                };
                header?: never;
                path: {
                    /** @description deal, lead, churn, the name of one of the company’s own labels, or of a model of a flat table (POST). */
                    model: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The score. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OneScore"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The disk is full, so that nothing was written. */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scores/{model}/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every score kept of one deal, lead or customer, oldest first, each with its version */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description deal, lead, churn, the name of one of the company’s own labels, or of a model of a flat table (POST). */
                    model: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The history. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScoreHistory"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The disk is full, so that nothing was written. */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scores/{model}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Score any number: a line of NDJSON each in, a line each out
         * @description A line is an id as a JSON string, `{"id": …}`, a whole record, or of a model of a flat table a row. Blank lines are skipped; each other line has one line of answer, in order: a score or `{ id, line, error }`. All of one stream is of one version, and of one instant but for what came in since the hour: each score says its own. Answers begin before the last line is sent; who sends faster than he reads is held back; who goes away ends the work.
         */
        post: {
            parameters: {
                query?: {
                    asOf?: string;
                    reasons?: number;
                    curve?: "true" | "false";
                };
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/x-ndjson": string;
                };
            };
            responses: {
                /** @description A score or an error a line. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append facts: what happened, one request at a time instead of by import
         * @description All of a request is stored or nothing; it is on the disk before the answer. A fact that does not say when it was known (`knownAt`) is known from its arrival, so that no score of before changes; give `knownAt` with history. A record that is there takes the fields that are given. Messages are read once into tone and intents. The scores that a fact may move (its deal, lead or customer, and the open deals of its account) are computed again at once, as of the arrival, and pushed on GET /v1/events; all others stay as of the hour. With an Idempotency-Key the same request has one effect, however often it comes, for a week.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A name of the request, new for each, such as a UUID. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FactsRequest"];
                };
            };
            responses: {
                /** @description Stored. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FactsAnswer"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The Idempotency-Key was used for another body. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The disk is full, so that nothing was written. */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Scores as they change, ends, promotions and drift, pushed as server-sent events
         * @description Events: `hello` (what is served), `score` (a score that a fact may have moved, with what it was before and the age in ms of everything that it rests on), `ended` (it closed or is gone; told once), `promotion`, `drift` (the world has moved otherwise than was told before from what serves, by inputs, scores, outcomes and calibration; where the settings ask for a watch), and `reset` where events may be missing, as after an import. A reader that comes back with Last-Event-ID goes on where it was, up to 1,000 events back in one run of the server. One that reads too slowly is let go and may come back so; one whose key was revoked is let go too. A comment comes every 15 seconds.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only of this model. */
                    model?: string;
                    /** @description As the header Last-Event-ID. */
                    lastEventId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A stream that does not end. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whatif": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What would be said of a deal, lead, customer or flat record, or of the whole pipeline, had it been changed; nothing is stored
         * @description Up to 64 edited copies in one call. The changes happen at asOf (unless given, that of its score now), on top of all that is known by then, and are read by the same features: a later close date also counts as a postponement. Values outside the 5th to 95th percentile of those alike are answered with a warning; what would end the record, or cannot be acted on, refuses the request. It tells what goes together, not what an action brings about. With `pipeline` instead of an id: deals dropped, won, pushed or re-priced, another win rate, headcount or new business, and what the period would then bring. Of a table’s model: `record` instead of an id, and changes of its columns; with the record as it was, and what became of it as the change, the difference is why its score moved.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WhatIfRequest"];
                };
            };
            responses: {
                /** @description Before, and after each change, with the reasons of the difference. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WhatIf"] | components["schemas"]["PipelineWhatIf"] | components["schemas"]["TableWhatIf"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a period will bring: closed so far, expected, and how sure that is
         * @description Booked, open deals and deals not yet created, and renewals less churn where asked for; parts says what is in the number. The default period is the current fiscal quarter. Give a period, or from and to (to is not included).
         */
        get: {
            parameters: {
                query?: {
                    /** @description 2026, 2026-Q4, 2026-11 or 2026-W47 */
                    period?: string;
                    from?: string;
                    to?: string;
                    by?: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                    /** @description Of the amounts, at dated rates. Default: the base currency. */
                    currency?: string;
                    /** @description What is in the number besides what is booked: open, new, renewals. Default: open,new */
                    parts?: string;
                    asOf?: string;
                    deals?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The forecast. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Forecast"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forecast/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why the forecast of a period changed between two instants, split exactly by cause
         * @description Both forecasts are made anew from the facts known then. Causes: new, won, lost, pushedOut, pulledIn, amountUp, amountDown, data (the chance moved by what happened), version (by another model version), currency, moved (to another group), newBusiness and renewals. They add up to the change to the minor unit, by deal, group and in total. The default period is the fiscal quarter of the later instant.
         */
        get: {
            parameters: {
                query: {
                    from: string;
                    /** @description Default: now. */
                    to?: string;
                    /** @description 2026, 2026-Q4, 2026-11 or 2026-W47 */
                    period?: string;
                    by?: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                    /** @description Of the amounts, at dated rates. Default: the base currency. */
                    currency?: string;
                    /** @description What is in the number besides what is booked: open, new, renewals. Default: open,new */
                    parts?: string;
                    deals?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was expected, what is, and why. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ForecastChanges"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forecast/accuracy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How right forecasts of the quarter (or week, month, year) were: by horizon, beside the usual rules, and each person’s own calls
         * @description Looks back from `from` to `to`: at each look the forecast of its fiscal quarter (`of`: or week, month, year) is made anew from what was known then, by the version that served then, and judged by what the period brought. `blend` is the model, reps and managers together by learned weights, and whether it beats each beyond chance. Where that version had learned from what came after, the look says so (`hindsight`) and is left out of `unseen`. At most 60 looks. `foresell backtest --model forecast` trains a model of each time instead, and draws the report.
         */
        get: {
            parameters: {
                query?: {
                    /** @description First look. Default: a year back. */
                    from?: string;
                    /** @description Last look. Default: the newest judged. */
                    to?: string;
                    /** @description Which period at each look. */
                    of?: "week" | "month" | "quarter" | "year";
                    /** @description Days between looks. */
                    every?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was said, what came, and how the two lie. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ForecastAccuracy"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forecast/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Forecasts of a period as they were said, day by day, with the version that said them
         * @description Kept once a day while the server runs, and by `foresell forecast history --keep`: of the fiscal quarter, the one after it, the month and the fiscal year. The first word of a day stands, and nothing is taken away. `GET /v1/forecast?asOf=` makes a past forecast anew from what is known of that day by now; this is what was said on it.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Default: the current fiscal quarter. */
                    period?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Oldest first; empty where none was kept. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ForecastHistory"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forecast/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a period stands: against its quota, the period before and the same one a year before
         * @description Attainment, pace, coverage, velocity, win rate, cycle time and average size, in total and by any grouping, as of any day. Of the other periods both what had ended by the same day of them and the whole are told. The default period is the current fiscal quarter.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 2026, 2026-Q4, 2026-11 or 2026-W47 */
                    period?: string;
                    from?: string;
                    to?: string;
                    by?: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                    /** @description Of the amounts, at dated rates. Default: the base currency. */
                    currency?: string;
                    /** @description What is in the number besides what is booked: open, new, renewals. Default: open,new */
                    parts?: string;
                    asOf?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The period beside the others. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ForecastComparison"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forecast/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every adjustment, commit and undoing there was, oldest first */
        get: {
            parameters: {
                query?: {
                    /** @description Default: all periods. */
                    period?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The audit. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Adjustments"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * What people put beside the forecast: a manager’s adjustment, a rep’s commit, and the undoing of one
         * @description All of a request is stored or nothing; it is on the disk before the answer. Nothing is ever overwritten: a newer number of the same kind, group and period takes the place of the older one, and an undo is a row of its own, which brings the older one back. GET /v1/forecast shows both beside the model’s number, which they do not change. The author is the key. With an Idempotency-Key the same request has one effect, however often it comes, for a week.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A name of the request, new for each, such as a UUID. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AdjustmentsRequest"];
                };
            };
            responses: {
                /** @description Stored. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdjustmentsAnswer"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The Idempotency-Key was used for another body. */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The disk is full, so that nothing was written. */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pipeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The pipeline looked through: what moved, and what open deals show that won ones mostly did not
         * @description Moves between two instants, each known as of then, without a cap. Findings of open deals, by money at stake in the period: stalled and slipping (beyond what eight and nine of ten won deals showed at that stage), overdue, monthEnd (default dates), noNextStep, singleThreaded, disagrees (the record says otherwise than the stage); and concentration. Each with its evidence and with what the forecast would lose or gain. Thresholds are learned from the company’s own won deals as known then.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The earlier look. Default: a week before. */
                    since?: string;
                    asOf?: string;
                    period?: string;
                    currency?: string;
                    /** @description Deals with findings, and moves, at most so many each. Default: all. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Moves, findings and concentration. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PipelineInspection"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/clv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an account is expected to bring: alive or not, how many orders, what they are worth
         * @description For customers without contract, learned from orders. The parameters are of all accounts at the beginning of the week; the account is judged as known at asOf.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How far ahead. */
                    horizonDays?: number;
                    /** @description Share of the value of an order that is profit. */
                    margin?: number;
                    /** @description Yearly rate at which later money counts less. */
                    discount?: number;
                    asOf?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The value. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccountValue"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The report of a version: one page that needs nothing else, in Thai or English */
        get: {
            parameters: {
                query?: {
                    /** @description Default: as Accept-Language asks. */
                    language?: "en" | "th";
                };
                header?: never;
                path: {
                    model: string;
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A page of HTML. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models, what serves, and every version with its metrics beside the baselines */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The models. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelList"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The model. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Model"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/versions/{version}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Serve a version, by hand; needs an admin key where keys are set
         * @description The version is its hash, or four characters and more of its beginning where no other begins so.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                    version: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Promotion"];
                };
            };
            responses: {
                /** @description The model as it now serves. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Model"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The disk is full, so that nothing was written. */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The training that runs, and what came of the last */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description How it stands. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Training"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Train a model on all that is known, beside the server; needs an admin key where keys are set
         * @description As `foresell train` does, in a process of its own, one at a time; the answer comes at once. Whether the result serves is for the gate to say; a promotion is told on GET /v1/events. A server that goes down ends it, and nothing is left half done.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrainingRequest"];
                };
            };
            responses: {
                /** @description It has begun. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Training"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is too large. */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The body is not JSON. */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far inputs, scores, outcomes and calibration have moved from what the served version learned */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What has moved in the last quarter, or since training. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Drift"];
                    };
                };
                /** @description The request was wrong; `path` names the field. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description A key is needed. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description The key’s role, the Host or the Origin does not allow it. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Ambiguous, closed, or nothing trained yet. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too many wrong keys; see Retry-After. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not ready, more asked than can be answered in time, or the served version was refused; see Retry-After. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One deal with its whole history, in the camelCase of the import bundle. Ids of rows inside may be left out where the place says them. */
        DealRecord: {
            deal: {
                id: string;
                accountId?: string | null;
                ownerId?: string | null;
                leadId?: string | null;
                name?: string | null;
                pipeline?: string | null;
                stage?: string | null;
                amount?: string | components["schemas"]["Money"] | null;
                currency?: string | null;
                /** Format: date-time */
                createdAt?: string | null;
                /** Format: date-time */
                expectedCloseDate?: string | null;
                forecastCategory?: string | null;
                /** Format: date-time */
                closedAt?: string | null;
                /** @enum {string|null} */
                outcome?: "won" | "lost" | null;
                cause?: string | null;
                lostReason?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            };
            changes?: {
                /** @enum {string|null} */
                kind?: "deal" | "lead" | "account" | "user" | "contact" | "product" | "activity" | "order" | "subscription" | "ticket" | null;
                id?: string | null;
                /** Format: date-time */
                at: string;
                field: string;
                oldValue?: string | null;
                newValue?: string | null;
                by?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            activities?: {
                id: string;
                /** @enum {string} */
                kind: "email" | "call" | "chat" | "meeting" | "note" | "task";
                /** @enum {string|null} */
                direction?: "in" | "out" | null;
                /** Format: date-time */
                at: string;
                /** Format: date-time */
                endedAt?: string | null;
                dealId?: string | null;
                leadId?: string | null;
                accountId?: string | null;
                contactId?: string | null;
                userId?: string | null;
                subject?: string | null;
                body?: string | null;
                outcome?: string | null;
                participants?: number | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            quoteLines?: {
                id: string;
                quoteId: string;
                dealId?: string | null;
                /** Format: date-time */
                at: string;
                productId?: string | null;
                quantity?: number | null;
                listPrice?: string | components["schemas"]["Money"] | null;
                unitPrice?: string | components["schemas"]["Money"] | null;
                currency: string;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            dealContacts?: {
                dealId?: string | null;
                contactId: string;
                role?: string | null;
                /** Format: date-time */
                at?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            account?: {
                id: string;
                name?: string | null;
                industry?: string | null;
                region?: string | null;
                country?: string | null;
                employees?: number | null;
                annualRevenue?: string | components["schemas"]["Money"] | null;
                currency?: string | null;
                parentId?: string | null;
                ownerId?: string | null;
                /** Format: date-time */
                createdAt?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            };
            orders?: {
                id: string;
                accountId?: string | null;
                dealId?: string | null;
                /** Format: date-time */
                at: string;
                /** Format: date-time */
                promisedAt?: string | null;
                /** Format: date-time */
                deliveredAt?: string | null;
                status?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
                lines?: {
                    id: string;
                    orderId?: string | null;
                    productId?: string | null;
                    quantity?: number | null;
                    unitPrice?: string | components["schemas"]["Money"] | null;
                    discount?: number | null;
                    cost?: string | components["schemas"]["Money"] | null;
                    currency: string;
                    /** Format: date-time */
                    knownAt?: string | null;
                    custom?: {
                        [key: string]: string;
                    };
                }[];
            }[];
        };
        Money: {
            /** @description Minor units: satang, cents. */
            minor: number;
            /** @description ISO 4217. */
            currency: string;
        };
        /** @description One lead with its whole history, in the camelCase of the import bundle. */
        LeadRecord: {
            lead: {
                id: string;
                name?: string | null;
                company?: string | null;
                title?: string | null;
                email?: string | null;
                phone?: string | null;
                source?: string | null;
                campaign?: string | null;
                country?: string | null;
                ownerId?: string | null;
                /** Format: date-time */
                createdAt?: string | null;
                status?: string | null;
                consent?: string | null;
                /** Format: date-time */
                convertedAt?: string | null;
                convertedDealId?: string | null;
                /** Format: date-time */
                closedAt?: string | null;
                /** @enum {string|null} */
                outcome?: "converted" | "disqualified" | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            };
            changes?: {
                /** @enum {string|null} */
                kind?: "deal" | "lead" | "account" | "user" | "contact" | "product" | "activity" | "order" | "subscription" | "ticket" | null;
                id?: string | null;
                /** Format: date-time */
                at: string;
                field: string;
                oldValue?: string | null;
                newValue?: string | null;
                by?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            activities?: {
                id: string;
                /** @enum {string} */
                kind: "email" | "call" | "chat" | "meeting" | "note" | "task";
                /** @enum {string|null} */
                direction?: "in" | "out" | null;
                /** Format: date-time */
                at: string;
                /** Format: date-time */
                endedAt?: string | null;
                dealId?: string | null;
                leadId?: string | null;
                accountId?: string | null;
                contactId?: string | null;
                userId?: string | null;
                subject?: string | null;
                body?: string | null;
                outcome?: string | null;
                participants?: number | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            campaignMembers?: {
                campaignId: string;
                contactId?: string | null;
                leadId?: string | null;
                variant?: string | null;
                /** Format: date-time */
                sentAt?: string | null;
                /** Format: date-time */
                openedAt?: string | null;
                /** Format: date-time */
                clickedAt?: string | null;
                /** Format: date-time */
                respondedAt?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
        };
        /** @description One customer with its whole history, in the camelCase of the import bundle. Without subscriptions, two orders at least. Its deals, and the consents and campaigns of its contacts, count too: what is left out counts as none. */
        CustomerRecord: {
            account: {
                id: string;
                name?: string | null;
                industry?: string | null;
                region?: string | null;
                country?: string | null;
                employees?: number | null;
                annualRevenue?: string | components["schemas"]["Money"] | null;
                currency?: string | null;
                parentId?: string | null;
                ownerId?: string | null;
                /** Format: date-time */
                createdAt?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            };
            changes?: {
                /** @enum {string|null} */
                kind?: "deal" | "lead" | "account" | "user" | "contact" | "product" | "activity" | "order" | "subscription" | "ticket" | null;
                id?: string | null;
                /** Format: date-time */
                at: string;
                field: string;
                oldValue?: string | null;
                newValue?: string | null;
                by?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            subscriptions?: {
                id: string;
                accountId?: string | null;
                productId?: string | null;
                /** Format: date-time */
                startedAt?: string | null;
                /** Format: date-time */
                endsAt?: string | null;
                /** Format: date-time */
                cancelledAt?: string | null;
                amount?: string | components["schemas"]["Money"] | null;
                currency?: string | null;
                interval?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            orders?: {
                id: string;
                accountId?: string | null;
                dealId?: string | null;
                /** Format: date-time */
                at: string;
                /** Format: date-time */
                promisedAt?: string | null;
                /** Format: date-time */
                deliveredAt?: string | null;
                status?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
                lines?: {
                    id: string;
                    orderId?: string | null;
                    productId?: string | null;
                    quantity?: number | null;
                    unitPrice?: string | components["schemas"]["Money"] | null;
                    discount?: number | null;
                    cost?: string | components["schemas"]["Money"] | null;
                    currency: string;
                    /** Format: date-time */
                    knownAt?: string | null;
                    custom?: {
                        [key: string]: string;
                    };
                }[];
            }[];
            invoices?: {
                id: string;
                accountId?: string | null;
                orderId?: string | null;
                /** Format: date-time */
                issuedAt: string;
                /** Format: date-time */
                dueAt?: string | null;
                /** Format: date-time */
                paidAt?: string | null;
                amount?: string | components["schemas"]["Money"] | null;
                currency?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            tickets?: {
                id: string;
                accountId?: string | null;
                contactId?: string | null;
                productId?: string | null;
                /** Format: date-time */
                openedAt: string;
                /** Format: date-time */
                firstReplyAt?: string | null;
                /** Format: date-time */
                closedAt?: string | null;
                priority?: string | null;
                reopened?: boolean | null;
                csat?: number | null;
                subject?: string | null;
                body?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            surveys?: {
                id: string;
                accountId?: string | null;
                contactId?: string | null;
                /** Format: date-time */
                at: string;
                kind?: string | null;
                score?: number | null;
                text?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            usage?: {
                accountId?: string | null;
                productId?: string | null;
                /** Format: date-time */
                at: string;
                quantity?: number | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            contacts?: {
                id: string;
                accountId?: string | null;
                name?: string | null;
                title?: string | null;
                department?: string | null;
                email?: string | null;
                phone?: string | null;
                /** Format: date-time */
                createdAt?: string | null;
                consent?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            consents?: {
                contactId: string;
                purpose?: string | null;
                channel?: string | null;
                /** Format: date-time */
                givenAt?: string | null;
                /** Format: date-time */
                withdrawnAt?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            campaignMembers?: {
                campaignId: string;
                contactId?: string | null;
                leadId?: string | null;
                variant?: string | null;
                /** Format: date-time */
                sentAt?: string | null;
                /** Format: date-time */
                openedAt?: string | null;
                /** Format: date-time */
                clickedAt?: string | null;
                /** Format: date-time */
                respondedAt?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            deals?: {
                id: string;
                accountId?: string | null;
                ownerId?: string | null;
                leadId?: string | null;
                name?: string | null;
                pipeline?: string | null;
                stage?: string | null;
                amount?: string | components["schemas"]["Money"] | null;
                currency?: string | null;
                /** Format: date-time */
                createdAt?: string | null;
                /** Format: date-time */
                expectedCloseDate?: string | null;
                forecastCategory?: string | null;
                /** Format: date-time */
                closedAt?: string | null;
                /** @enum {string|null} */
                outcome?: "won" | "lost" | null;
                cause?: string | null;
                lostReason?: string | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
            activities?: {
                id: string;
                /** @enum {string} */
                kind: "email" | "call" | "chat" | "meeting" | "note" | "task";
                /** @enum {string|null} */
                direction?: "in" | "out" | null;
                /** Format: date-time */
                at: string;
                /** Format: date-time */
                endedAt?: string | null;
                dealId?: string | null;
                leadId?: string | null;
                accountId?: string | null;
                contactId?: string | null;
                userId?: string | null;
                subject?: string | null;
                body?: string | null;
                outcome?: string | null;
                participants?: number | null;
                /** Format: date-time */
                knownAt?: string | null;
                custom?: {
                    [key: string]: string;
                };
            }[];
        };
        FlatRecord: {
            [key: string]: string | number | boolean | null;
        };
        Edit: {
            /** @description Deals: amount, stage, expected_close_date, owner_id. Leads: status, owner_id. */
            field?: string;
            value?: string | components["schemas"]["Money"];
            activity?: {
                /** @enum {string} */
                kind: "email" | "call" | "chat" | "meeting" | "note" | "task";
                /** @enum {string} */
                direction?: "in" | "out";
                /**
                 * Format: date-time
                 * @description Default: just now. Ahead: it is booked.
                 */
                at?: string;
                /**
                 * Format: date-time
                 * @description Default of calls and meetings that lie not ahead: at once.
                 */
                endedAt?: string;
                outcome?: string;
                participants?: number;
                contactId?: string;
                userId?: string;
                subject?: string;
                body?: string;
            };
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            code: string;
            detail: string;
            requestId?: string;
            /** @description The field at fault, as records[3].deal.createdAt. */
            path?: string;
        };
        ScoreAnswer: {
            /** Format: date-time */
            asOf: string;
            model: string;
            version: string;
            sample: boolean;
            /** @description In the order asked: a score or an error each. */
            items: (components["schemas"]["Score"] | {
                id: string | null;
                error: components["schemas"]["Problem"];
            })[];
        };
        Score: {
            id: string;
            /** Format: date-time */
            asOf: string;
            model: string;
            version: string;
            featuresHash: string;
            sample: boolean;
            /** @description Something was learned since, or another version serves. */
            stale: boolean;
            lowSkill: boolean;
            /** @enum {string} */
            confidence: "calibrated" | "insufficient data";
            /** @description Fewer than 50 known outcomes: read the interval; there is no grade. */
            insufficientData: boolean;
            /** @description What the probability is of: won (deal), converted (lead), left (churn). */
            outcome: string;
            /** @description The probability is of `outcome` within so many days; null: of `outcome` ever, given that it ends. */
            withinDays: number | null;
            /** @description Of `outcome`: for deals P(win) / (P(win) + P(loss)), for leads and churn P(within `withinDays`). */
            probability: number;
            /** @description 80 % band of the probability. */
            interval: {
                low: number;
                high: number;
            };
            /** @description P(`outcome` by the end of the fiscal quarter). */
            byPeriodEnd: number;
            period: {
                label: string;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            };
            /**
             * @description A from .70, B from .45, C from .20, else D; null where outcomes are too few.
             * @enum {string|null}
             */
            grade: "A" | "B" | "C" | "D" | null;
            /** @description Against the score kept before; flat within one point. */
            trend: {
                /** @enum {string} */
                direction: "up" | "down" | "flat";
                change: number;
                /** Format: date-time */
                since: string;
            } | null;
            /** @description When it ends so, if it does. */
            closeDate: {
                p10: string;
                p50: string;
                p90: string;
            } | null;
            amount: components["schemas"]["Money"] | null;
            /** @description No amount was given: list price times the usual ratio. */
            amountEstimated: boolean;
            ownerId: string | null;
            /** @description Logit of the usual deal, lead or customer. */
            baseValue: number;
            reasons: components["schemas"]["Reason"][];
            /** @description All that is not shown: base + reasons + this = the logit. */
            otherContribution: number;
            byPeriodEndReasons: {
                /** @description Logit of the usual deal, lead or customer. */
                baseValue: number;
                reasons: components["schemas"]["Reason"][];
                /** @description All that is not shown: base + reasons + this = the logit. */
                otherContribution: number;
            } | null;
            /** @description By date: open, and each side by its word (deal: won, lost; lead: converted, disqualified; churn: left, stayed). */
            curve?: ({
                date: string;
                open: number;
            } & {
                [key: string]: number | string;
            })[];
        };
        Reason: {
            /** @description The business idea; the same in every language. */
            code: string;
            params: {
                feature: string;
                unit: string;
                value: number | string | null;
                usual: number | string | null;
                /** @description What half of the training rows lie between. */
                range?: [
                    number | string,
                    number | string
                ] | null;
            };
            /** @description Logit units, above 0 speaks for `outcome`; of a table that tells amounts, in the unit of its target. */
            contribution: number;
            text: string;
        };
        TableScoreAnswer: {
            model: string;
            version: string;
            /** @enum {string} */
            task: "binary" | "class" | "duration" | "amount";
            /** @description binary: the value whose probability is said. */
            positive?: string;
            lowSkill: boolean;
            /** @description What was odd in the records: words never met, text for numbers. */
            notes: string[];
            items: ({
                id: string | null;
                error: components["schemas"]["Problem"];
            } | components["schemas"]["TableScore"])[];
        };
        TableScore: {
            /** @description The cell of the id column of the fit; else its place, from 0; of a stream the number of its line. */
            id: string | null;
            /** @description binary: of the positive class. */
            probability?: number;
            /** @description binary: how sure the calibration is (Venn-Abers, widened to hold the probability). */
            interval?: {
                low: number;
                high: number;
            };
            /** @description class: they sum to 1. */
            classes?: {
                [key: string]: number;
            };
            /** @description amount: the median. */
            value?: number;
            /** @description amount: what adds up over many records. */
            mean?: number;
            median?: number | null;
            p10?: number | null;
            p90?: number | null;
            survival?: {
                time: number;
                p: number;
            }[];
            /** @description duration with several causes: ended by it by then. */
            incidence?: {
                [key: string]: {
                    time: number;
                    p: number;
                }[];
            };
            /** @description What the reasons add up to: the log odds of the probability, of the likeliest class, of having ended by a time; or the mean of an amount, in its own unit. */
            explains?: {
                /** @enum {string} */
                kind: "probability";
            } | {
                /** @enum {string} */
                kind: "class";
                level: string;
            } | {
                /** @enum {string} */
                kind: "endedBy";
                time: number;
            } | {
                /** @enum {string} */
                kind: "mean";
            };
            /** @description The same of the usual record. */
            baseValue?: number;
            /** @description Where the model has skill. */
            reasons?: components["schemas"]["Reason"][];
            /** @description All that is not shown: baseValue + reasons + this = what is said. */
            otherContribution?: number;
        };
        ScoreRequest: {
            ids?: string[];
            records?: (components["schemas"]["DealRecord"] | components["schemas"]["LeadRecord"] | components["schemas"]["CustomerRecord"] | components["schemas"]["FlatRecord"])[];
            /**
             * Format: date-time
             * @description What was known at this instant counts. Default: now, which is the hour, or when something of it came in since.
             */
            asOf?: string;
            /** @description Reasons for and against, at most so many each. */
            reasons?: number;
            /** @description Also the chance of each side, and of neither yet, by date. */
            curve?: boolean;
            /** @description One bad item refuses the whole request. */
            allOrNothing?: boolean;
        };
        ScorePage: {
            model: string;
            version: string;
            /** Format: date-time */
            asOf: string;
            sample: boolean;
            items: components["schemas"]["Score"][];
            /** @description Cursor of the next page; null on the last. */
            next: string | null;
        };
        OneScore: components["schemas"]["Score"] & {
            moved: components["schemas"]["Moved"];
            /** @description The ended ones that were most like it at its age, by what moves its score, nearest first; ended by the beginning of the week. Empty where the model has no skill. */
            similar: components["schemas"]["Similar"][];
        };
        /** @description Why it changed since the last kept score that lies a point or more away (or since `since`); null where there is none, or the model has no skill. */
        Moved: {
            /**
             * Format: date-time
             * @description The instant of the earlier score.
             */
            since: string;
            /** @description Of the earlier score. */
            version: string;
            before: number;
            after: number;
            /** @description Of the log odds; reasons and `otherContribution` sum to it. */
            change: number;
            reasons: components["schemas"]["ChangeReason"][];
            /** @description What is not shown. */
            otherContribution: number;
            /** @description Log odds by cause; they sum to `change`. */
            parts: {
                events: number;
                time: number;
                level: number;
                model: number;
                records: number;
            };
        } | null;
        ChangeReason: {
            /**
             * @description events: something was recorded about it. time: nothing but time, with the calendar and what is usual by now. level: how such cases have ended lately. model: another version. records: facts of the time before that came later. edit: a hypothetical change.
             * @enum {string}
             */
            because: "events" | "time" | "level" | "model" | "records" | "edit";
            /** @description The business idea; the same in every language. */
            code: string;
            params: {
                feature: string | null;
                unit: string;
                before: number | string | null;
                value: number | string | null;
            };
            /** @description Logit units; above 0 raised the probability. */
            contribution: number;
            text: string;
        };
        Similar: {
            id: string;
            /** @description How it ended: won, lost, converted .. */
            outcome: string;
            /** Format: date-time */
            endedAt: string;
            /** @description From its beginning to its end. */
            days: number;
            amount: components["schemas"]["Money"] | null;
            /** @description Its stage or status when it is compared. */
            stage: string | null;
            /**
             * Format: date-time
             * @description It is compared as it stood then: of about the same age, still open.
             */
            lookedAt: string;
            /** @description In log odds of the score; 0 = alike in all that matters to it. */
            distance: number;
            differences: {
                code: string;
                params: {
                    feature: string;
                    unit: string;
                    here: number | string | null;
                    there: number | string | null;
                };
                /** @description Logit; above 0 speaks for the one asked about. */
                effect: number;
                text: string;
            }[];
        };
        ScoreHistory: {
            id: string;
            model: string;
            sample: boolean;
            items: components["schemas"]["Score"][];
        };
        FactsAnswer: {
            /**
             * Format: date-time
             * @description What does not say when it was known is known from here on.
             */
            arrivedAt: string;
            source: string;
            added: number;
            changed: number;
            unchanged: number;
            items: {
                kind: string;
                id: string;
                /** @enum {string} */
                status: "added" | "changed" | "unchanged";
            }[];
        };
        /** @description Each fact is a row of a file of the import bundle in camelCase, with its `kind`: `deal`, `change`, `order` and so on, or that of an activity (`email`, `call`, `meeting`). A column that is itself called kind is `changeKind`, `surveyKind`, `activityKind`. */
        FactsRequest: {
            /** @description First part of the ids of new records, as `import --name`. Default: the only source there is, else `api`. */
            source?: string;
            facts: ({
                /** @enum {string} */
                kind: "stage" | "account" | "contact" | "user" | "team" | "lead" | "deal" | "change" | "removal" | "dealContact" | "activity" | "product" | "price" | "quoteLine" | "order" | "orderLine" | "invoice" | "subscription" | "ticket" | "survey" | "campaign" | "campaignMember" | "consent" | "usage" | "quota" | "exchangeRate" | "email" | "call" | "chat" | "meeting" | "note" | "task";
                id?: string;
                /** Format: date-time */
                at?: string;
                /** Format: date-time */
                knownAt?: string;
            } & {
                [key: string]: unknown;
            })[];
        };
        WhatIf: {
            id: string;
            /** Format: date-time */
            asOf: string;
            model: string;
            version: string;
            sample: boolean;
            lowSkill: boolean;
            /** @description What the probabilities are of. */
            outcome: string;
            withinDays: number | null;
            period: {
                label: string;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            };
            /** @description How to read it: association, not cause. */
            note: string;
            before: {
                probability: number;
                byPeriodEnd: number;
                /** @description When it ends so, if it does. */
                closeDate: {
                    p10: string;
                    p50: string;
                    p90: string;
                } | null;
            };
            /** @description One an edited copy, in the order asked. */
            items: {
                changes: components["schemas"]["Edit"][];
                probability: number;
                byPeriodEnd: number;
                /** @description When it ends so, if it does. */
                closeDate: {
                    p10: string;
                    p50: string;
                    p90: string;
                } | null;
                /** @description Of the log odds from before; null where the model has no skill. */
                difference: {
                    /** @description Of the log odds; reasons and `otherContribution` sum to it. */
                    change: number;
                    reasons: components["schemas"]["ChangeReason"][];
                    /** @description What is not shown. */
                    otherContribution: number;
                } | null;
                warnings: {
                    /**
                     * @description outOfRange: beyond what 90 % of those alike lie between. rarelySeen: fewer than ten ever had this word. fewAlike: fewer than twenty to compare with.
                     * @enum {string}
                     */
                    code: "outOfRange" | "rarelySeen" | "fewAlike";
                    field: string;
                    /** @enum {string} */
                    unit: "money" | "days" | "none";
                    low: number | null;
                    high: number | null;
                    alike: number;
                    text: string;
                }[];
            }[];
        };
        PipelineWhatIf: {
            /** Format: date-time */
            asOf: string;
            period: string;
            currency: string;
            version: string;
            sample: boolean;
            /** @description Those who have open deals. */
            sellers: number;
            before: {
                expected: components["schemas"]["Money"];
                closed: components["schemas"]["Money"];
                open: components["schemas"]["Money"];
                newBusiness: components["schemas"]["Money"];
                p10: components["schemas"]["Money"];
                p50: components["schemas"]["Money"];
                p90: components["schemas"]["Money"];
                quota: components["schemas"]["Money"] | null;
                probabilityOfQuota: number | null;
            };
            after: {
                expected: components["schemas"]["Money"];
                closed: components["schemas"]["Money"];
                open: components["schemas"]["Money"];
                newBusiness: components["schemas"]["Money"];
                p10: components["schemas"]["Money"];
                p50: components["schemas"]["Money"];
                p90: components["schemas"]["Money"];
                quota: components["schemas"]["Money"] | null;
                probabilityOfQuota: number | null;
            };
            change: components["schemas"]["Money"] & unknown;
            note: string;
        };
        TableWhatIf: {
            model: string;
            version: string;
            /** @enum {string} */
            task: "binary" | "class" | "duration" | "amount";
            positive?: string;
            lowSkill: boolean;
            /** @description How to read it: association, not cause. */
            note: string;
            /** @description What was odd in the records: words never met, text for numbers. */
            notes: string[];
            /** @description What the differences are of: log odds, or the mean of an amount. */
            explains?: {
                /** @enum {string} */
                kind: "probability";
            } | {
                /** @enum {string} */
                kind: "class";
                level: string;
            } | {
                /** @enum {string} */
                kind: "endedBy";
                time: number;
            } | {
                /** @enum {string} */
                kind: "mean";
            };
            before: {
                /** @description binary: of the positive class. */
                probability?: number;
                /** @description binary: how sure the calibration is (Venn-Abers, widened to hold the probability). */
                interval?: {
                    low: number;
                    high: number;
                };
                /** @description class: they sum to 1. */
                classes?: {
                    [key: string]: number;
                };
                /** @description amount: the median. */
                value?: number;
                /** @description amount: what adds up over many records. */
                mean?: number;
                median?: number | null;
                p10?: number | null;
                p90?: number | null;
                survival?: {
                    time: number;
                    p: number;
                }[];
                /** @description duration with several causes: ended by it by then. */
                incidence?: {
                    [key: string]: {
                        time: number;
                        p: number;
                    }[];
                };
            };
            /** @description One an edited copy, in the order asked. */
            items: {
                /** @description binary: of the positive class. */
                probability?: number;
                /** @description binary: how sure the calibration is (Venn-Abers, widened to hold the probability). */
                interval?: {
                    low: number;
                    high: number;
                };
                /** @description class: they sum to 1. */
                classes?: {
                    [key: string]: number;
                };
                /** @description amount: the median. */
                value?: number;
                /** @description amount: what adds up over many records. */
                mean?: number;
                median?: number | null;
                p10?: number | null;
                p90?: number | null;
                survival?: {
                    time: number;
                    p: number;
                }[];
                /** @description duration with several causes: ended by it by then. */
                incidence?: {
                    [key: string]: {
                        time: number;
                        p: number;
                    }[];
                };
                changes: components["schemas"]["CellEdit"][];
                /** @description From before, of what `explains` names; null where the model has no skill. */
                difference: {
                    /** @description Of the log odds; reasons and `otherContribution` sum to it. */
                    change: number;
                    reasons: components["schemas"]["ChangeReason"][];
                    /** @description What is not shown. */
                    otherContribution: number;
                } | null;
            }[];
        };
        CellEdit: {
            field: string;
            value: string | number | boolean | null;
        };
        WhatIfRequest: {
            /** @description deal, lead, churn, a model of your own labels or of a table. */
            model?: string;
            id?: string;
            /** @description Of a table’s model, instead of id: a flat record, a value for every column it reads. */
            record?: Record<string, never>;
            pipeline?: components["schemas"]["PipelineEdits"];
            /** @description Of pipeline. Default: the fiscal quarter. */
            period?: string;
            /** @description Of pipeline. Default: the base currency. */
            currency?: string;
            /**
             * Format: date-time
             * @description What was known then counts, and the changes happen then. Default: now, to the hour.
             */
            asOf?: string;
            /** @description An edited copy each: one change, or a list of changes made together. */
            changes?: (components["schemas"]["Edit"] | components["schemas"]["Edit"][])[];
            /** @description Reasons of a difference, at most so many each way. Default: 5. */
            reasons?: number;
        };
        PipelineEdits: {
            /**
             * @description Deals taken out.
             * @default []
             */
            drop: string[];
            /**
             * @description Deals won at once.
             * @default []
             */
            win: string[];
            /**
             * @description Deals whose winning comes so many days later.
             * @default []
             */
            push: {
                id: string;
                days: number;
            }[];
            /**
             * @description Deals of another amount, in the currency of the answer.
             * @default []
             */
            reprice: {
                id: string;
                amount: components["schemas"]["Money"];
            }[];
            /**
             * @description Chances of all deals, times this; at most 1.
             * @default 1
             */
            winRate: number;
            /**
             * @description Deals yet to be created, times this.
             * @default 1
             */
            newBusiness: number;
            /**
             * @description Sellers more or fewer: deals yet to be created in proportion.
             * @default 0
             */
            headcount: number;
        };
        Forecast: {
            /** Format: date-time */
            asOf: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            period: string;
            currency: string;
            sample: boolean;
            model: string;
            version: string;
            lowSkill: boolean;
            /** @enum {string} */
            by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
            total: {
                /** @description Of the group; null for the whole and for deals without one. */
                id: string | null;
                name: string;
                /** @description Of a team: the team above it. */
                parentId: string | null;
                closed: components["schemas"]["Money"];
                expected: components["schemas"]["Money"] & unknown;
                open: components["schemas"]["Money"] & unknown;
                newBusiness: components["schemas"]["Money"] & unknown;
                renewals: components["schemas"]["Money"] & unknown;
                p10: components["schemas"]["Money"];
                p50: components["schemas"]["Money"];
                p90: components["schemas"]["Money"];
                /** @description Central intervals of 50, 80 and 95 %. */
                bands: {
                    level: number;
                    low: components["schemas"]["Money"];
                    high: components["schemas"]["Money"];
                }[];
                openDeals: number;
                closedDeals: number;
                /** @description The open deals by what their people call them, the surest first: commit, best case, pipeline, those of your own, omitted. The model counts them all; expected adds up to open, where that is counted. Empty where no deal has a category. */
                categories: {
                    /** @description null: nobody said. */
                    category: string | null;
                    openDeals: number;
                    amount: components["schemas"]["Money"] & unknown;
                    due: components["schemas"]["Money"] & unknown;
                    expected: components["schemas"]["Money"] & unknown;
                }[];
                quota: components["schemas"]["Money"] | null;
                probabilityOfQuota: number | null;
                /** @description Quota less expected; below 0 is beyond it. */
                gapToQuota: components["schemas"]["Money"] | null;
                /** @description A manager’s number beside it; it changes nothing of the forecast. */
                adjustment: {
                    id: number;
                    amount: components["schemas"]["Money"];
                    /** @description Less expected; null in another currency. */
                    difference: components["schemas"]["Money"] | null;
                    /** Format: date-time */
                    at: string;
                    author: string | null;
                    reason: string;
                } | null;
                /** @description The own call of whoever answers for it. */
                commit: {
                    id: number;
                    amount: components["schemas"]["Money"];
                    /** @description Less expected; null in another currency. */
                    difference: components["schemas"]["Money"] | null;
                    /** Format: date-time */
                    at: string;
                    author: string | null;
                    reason: string;
                } | null;
            };
            /** @description What is in the number; those counted add up to the expected total, exactly. */
            parts: {
                /** @enum {string} */
                part: "booked" | "open" | "new" | "renewals" | "churn";
                counted: boolean;
                expected: components["schemas"]["Money"] | null;
                /** @description Why nothing can be said of it. */
                absent: string | null;
            }[];
            /** @description Of what is booked and the deals open now alone. */
            openOnly: {
                expected: components["schemas"]["Money"];
                p10: components["schemas"]["Money"];
                p50: components["schemas"]["Money"];
                p90: components["schemas"]["Money"];
                probabilityOfQuota: number | null;
            };
            /** @description A learned blend of the model, reps and managers, beside the model’s number, which it never changes. Null until `foresell backtest --model forecast` has learned one of such periods. Of the whole, in the base currency, with the usual parts. */
            blend: {
                used: boolean;
                /** @description Null where it is not used. */
                expected: components["schemas"]["Money"] | null;
                /** Format: date-time */
                learnedAt: string;
                /** @enum {string} */
                of: "week" | "month" | "quarter" | "year";
                horizon: {
                    fromWeeks: number;
                    toWeeks: number;
                    /** @description reps: commits, or commit + half of best case where nobody committed; manager: adjustments. A voice that spoke at too few periods is left out. */
                    of: ("foresell" | "reps" | "manager")[];
                    /** @description Learned from all periods; they add up to 1. */
                    weights: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    periods: number;
                    /** @description Periods that judged it, each by weights learned from those before. */
                    judged: number;
                    looks: number;
                    wape: number | null;
                    /** @description Of each voice at the same looks. */
                    voiceWape: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    /** @description Chance that it beats a voice by as much without being better; at most .05 of each is asked. */
                    p: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    /** @enum {string} */
                    verdict: "used" | "nobody" | "tooFew" | "notBetter";
                    /** @enum {string|null} */
                    over: "foresell" | "reps" | "manager" | null;
                    needed: number;
                    says: string;
                } | null;
                says: string;
            } | null;
            /** @description Deals expected to be created before the period ends. */
            createdDeals: number | null;
            /** @description What each open deal adds to the expected value; the largest, as many as asked for. */
            deals: {
                id: string;
                probability: number;
                amount: components["schemas"]["Money"];
                expected: components["schemas"]["Money"];
            }[];
            /** @description The fewest open deals whose winning brings what is expected up to the quota; null without a quota, or where they do not suffice. */
            toClose: {
                id: string;
                probability: number;
                amount: components["schemas"]["Money"];
                expected: components["schemas"]["Money"];
            }[] | null;
            /** @description Closed and expected of the groups without a parent add up to the total; quantiles do not add. A team holds its sub-teams. */
            groups: {
                /** @description Of the group; null for the whole and for deals without one. */
                id: string | null;
                name: string;
                /** @description Of a team: the team above it. */
                parentId: string | null;
                closed: components["schemas"]["Money"];
                expected: components["schemas"]["Money"] & unknown;
                open: components["schemas"]["Money"] & unknown;
                newBusiness: components["schemas"]["Money"] & unknown;
                renewals: components["schemas"]["Money"] & unknown;
                p10: components["schemas"]["Money"];
                p50: components["schemas"]["Money"];
                p90: components["schemas"]["Money"];
                /** @description Central intervals of 50, 80 and 95 %. */
                bands: {
                    level: number;
                    low: components["schemas"]["Money"];
                    high: components["schemas"]["Money"];
                }[];
                openDeals: number;
                closedDeals: number;
                /** @description The open deals by what their people call them, the surest first: commit, best case, pipeline, those of your own, omitted. The model counts them all; expected adds up to open, where that is counted. Empty where no deal has a category. */
                categories: {
                    /** @description null: nobody said. */
                    category: string | null;
                    openDeals: number;
                    amount: components["schemas"]["Money"] & unknown;
                    due: components["schemas"]["Money"] & unknown;
                    expected: components["schemas"]["Money"] & unknown;
                }[];
                quota: components["schemas"]["Money"] | null;
                probabilityOfQuota: number | null;
                /** @description Quota less expected; below 0 is beyond it. */
                gapToQuota: components["schemas"]["Money"] | null;
                /** @description A manager’s number beside it; it changes nothing of the forecast. */
                adjustment: {
                    id: number;
                    amount: components["schemas"]["Money"];
                    /** @description Less expected; null in another currency. */
                    difference: components["schemas"]["Money"] | null;
                    /** Format: date-time */
                    at: string;
                    author: string | null;
                    reason: string;
                } | null;
                /** @description The own call of whoever answers for it. */
                commit: {
                    id: number;
                    amount: components["schemas"]["Money"];
                    /** @description Less expected; null in another currency. */
                    difference: components["schemas"]["Money"] | null;
                    /** Format: date-time */
                    at: string;
                    author: string | null;
                    reason: string;
                } | null;
            }[];
            /** @description Open or won deals that the amounts above leave out. */
            apart: {
                id: string;
                /** @enum {string} */
                why: "no amount" | "no rate" | "too large";
                currency: string | null;
            }[];
            notes: string[];
        };
        ForecastChanges: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            period: string;
            currency: string;
            sample: boolean;
            versions: {
                from: string;
                to: string;
            };
            /** @enum {string} */
            by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
            total: {
                id: string | null;
                name: string;
                parentId: string | null;
                before: components["schemas"]["Money"];
                after: components["schemas"]["Money"];
                change: components["schemas"]["Money"];
                /** @description They add up to the change, exactly. */
                causes: {
                    /** @enum {string} */
                    cause: "new" | "won" | "lost" | "pushedOut" | "pulledIn" | "amountUp" | "amountDown" | "data" | "version" | "currency" | "moved" | "newBusiness" | "renewals";
                    change: components["schemas"]["Money"];
                }[];
            };
            groups: {
                id: string | null;
                name: string;
                parentId: string | null;
                before: components["schemas"]["Money"];
                after: components["schemas"]["Money"];
                change: components["schemas"]["Money"];
                /** @description They add up to the change, exactly. */
                causes: {
                    /** @enum {string} */
                    cause: "new" | "won" | "lost" | "pushedOut" | "pulledIn" | "amountUp" | "amountDown" | "data" | "version" | "currency" | "moved" | "newBusiness" | "renewals";
                    change: components["schemas"]["Money"];
                }[];
            }[];
            /** @description Those that changed, the largest change first, as many as asked for. */
            deals: {
                id: string;
                before: components["schemas"]["Money"];
                after: components["schemas"]["Money"];
                change: components["schemas"]["Money"];
                /** @description They add up to the change, exactly. */
                causes: {
                    /** @enum {string} */
                    cause: "new" | "won" | "lost" | "pushedOut" | "pulledIn" | "amountUp" | "amountDown" | "data" | "version" | "currency" | "moved" | "newBusiness" | "renewals";
                    change: components["schemas"]["Money"];
                }[];
            }[];
            changedDeals: number;
            notes: string[];
        };
        ForecastAccuracy: {
            /**
             * Format: date-time
             * @description What came is as known then.
             */
            asOf: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            everyDays: number;
            /** @enum {string} */
            of: "week" | "month" | "quarter" | "year";
            possible: {
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            };
            currency: string;
            sample: boolean;
            /** @enum {string} */
            model: "deal";
            all: {
                looks: number;
                /** @description Quarters (or what was asked for): looks at one share what it brought. */
                periods: number;
                figures: {
                    /**
                     * @description foresell; usual: booked + open x rate of the same stage and week + usual new business; stageRate: stage percentage x expected date; categories: commit + half of best case.
                     * @enum {string}
                     */
                    way: "foresell" | "usual" | "stageRate" | "categories";
                    looks: number;
                    /** @description Sum (said - came) / sum came; above 0: too much was said. */
                    bias: number | null;
                    /** @description Sum |said - came| / sum came. */
                    wape: number | null;
                    /** @description Pinball loss of p10 / mean that came; likewise 50 and 90. */
                    pinball10: number | null;
                    pinball50: number | null;
                    pinball90: number | null;
                    /** @description Share of looks whose p10 to p90 held what came. */
                    coverage80: number | null;
                }[];
                horizons: {
                    fromWeeks: number;
                    toWeeks: number;
                    looks: number;
                    periods: number;
                    figures: {
                        /**
                         * @description foresell; usual: booked + open x rate of the same stage and week + usual new business; stageRate: stage percentage x expected date; categories: commit + half of best case.
                         * @enum {string}
                         */
                        way: "foresell" | "usual" | "stageRate" | "categories";
                        looks: number;
                        /** @description Sum (said - came) / sum came; above 0: too much was said. */
                        bias: number | null;
                        /** @description Sum |said - came| / sum came. */
                        wape: number | null;
                        /** @description Pinball loss of p10 / mean that came; likewise 50 and 90. */
                        pinball10: number | null;
                        pinball50: number | null;
                        pinball90: number | null;
                        /** @description Share of looks whose p10 to p90 held what came. */
                        coverage80: number | null;
                    }[];
                }[];
                owners: {
                    id: string | null;
                    name: string;
                    looks: number;
                    deals: number;
                    called: components["schemas"]["Money"] & unknown;
                    expected: components["schemas"]["Money"] & unknown;
                    came: components["schemas"]["Money"];
                    /** @description Came less called, with a 99 % interval by drawing whole accounts. */
                    gap: {
                        mean: components["schemas"]["Money"];
                        low: components["schemas"]["Money"] | null;
                        high: components["schemas"]["Money"] | null;
                    };
                    callWape: number | null;
                    modelWape: number | null;
                    /**
                     * @description sandbagging: more came than was called; happyEars: less; both only beyond chance.
                     * @enum {string}
                     */
                    verdict: "sandbagging" | "happyEars" | "even" | "tooFew";
                }[];
                /** @description Numbers that people put beside the forecast, where they counted at a look, and the model at the same looks. */
                groups: {
                    /** @enum {string} */
                    kind: "adjustment" | "commit";
                    /** @enum {string} */
                    by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                    id: string | null;
                    name: string;
                    looks: number;
                    periods: number;
                    bias: number | null;
                    wape: number | null;
                    modelBias: number | null;
                    modelWape: number | null;
                }[];
                /** @description The model, reps and managers together by weights learned a horizon at a time; used only where it beats each of them beyond chance on periods after those it learned from. */
                blend: {
                    fromWeeks: number;
                    toWeeks: number;
                    /** @description reps: commits, or commit + half of best case where nobody committed; manager: adjustments. A voice that spoke at too few periods is left out. */
                    of: ("foresell" | "reps" | "manager")[];
                    /** @description Learned from all periods; they add up to 1. */
                    weights: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    periods: number;
                    /** @description Periods that judged it, each by weights learned from those before. */
                    judged: number;
                    looks: number;
                    wape: number | null;
                    /** @description Of each voice at the same looks. */
                    voiceWape: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    /** @description Chance that it beats a voice by as much without being better; at most .05 of each is asked. */
                    p: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    /** @enum {string} */
                    verdict: "used" | "nobody" | "tooFew" | "notBetter";
                    /** @enum {string|null} */
                    over: "foresell" | "reps" | "manager" | null;
                    needed: number;
                    says: string;
                }[];
            };
            /** @description Of looks whose version had learned nothing of what came after; null where there is none. */
            unseen: {
                looks: number;
                /** @description Quarters (or what was asked for): looks at one share what it brought. */
                periods: number;
                figures: {
                    /**
                     * @description foresell; usual: booked + open x rate of the same stage and week + usual new business; stageRate: stage percentage x expected date; categories: commit + half of best case.
                     * @enum {string}
                     */
                    way: "foresell" | "usual" | "stageRate" | "categories";
                    looks: number;
                    /** @description Sum (said - came) / sum came; above 0: too much was said. */
                    bias: number | null;
                    /** @description Sum |said - came| / sum came. */
                    wape: number | null;
                    /** @description Pinball loss of p10 / mean that came; likewise 50 and 90. */
                    pinball10: number | null;
                    pinball50: number | null;
                    pinball90: number | null;
                    /** @description Share of looks whose p10 to p90 held what came. */
                    coverage80: number | null;
                }[];
                horizons: {
                    fromWeeks: number;
                    toWeeks: number;
                    looks: number;
                    periods: number;
                    figures: {
                        /**
                         * @description foresell; usual: booked + open x rate of the same stage and week + usual new business; stageRate: stage percentage x expected date; categories: commit + half of best case.
                         * @enum {string}
                         */
                        way: "foresell" | "usual" | "stageRate" | "categories";
                        looks: number;
                        /** @description Sum (said - came) / sum came; above 0: too much was said. */
                        bias: number | null;
                        /** @description Sum |said - came| / sum came. */
                        wape: number | null;
                        /** @description Pinball loss of p10 / mean that came; likewise 50 and 90. */
                        pinball10: number | null;
                        pinball50: number | null;
                        pinball90: number | null;
                        /** @description Share of looks whose p10 to p90 held what came. */
                        coverage80: number | null;
                    }[];
                }[];
                owners: {
                    id: string | null;
                    name: string;
                    looks: number;
                    deals: number;
                    called: components["schemas"]["Money"] & unknown;
                    expected: components["schemas"]["Money"] & unknown;
                    came: components["schemas"]["Money"];
                    /** @description Came less called, with a 99 % interval by drawing whole accounts. */
                    gap: {
                        mean: components["schemas"]["Money"];
                        low: components["schemas"]["Money"] | null;
                        high: components["schemas"]["Money"] | null;
                    };
                    callWape: number | null;
                    modelWape: number | null;
                    /**
                     * @description sandbagging: more came than was called; happyEars: less; both only beyond chance.
                     * @enum {string}
                     */
                    verdict: "sandbagging" | "happyEars" | "even" | "tooFew";
                }[];
                /** @description Numbers that people put beside the forecast, where they counted at a look, and the model at the same looks. */
                groups: {
                    /** @enum {string} */
                    kind: "adjustment" | "commit";
                    /** @enum {string} */
                    by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                    id: string | null;
                    name: string;
                    looks: number;
                    periods: number;
                    bias: number | null;
                    wape: number | null;
                    modelBias: number | null;
                    modelWape: number | null;
                }[];
                /** @description The model, reps and managers together by weights learned a horizon at a time; used only where it beats each of them beyond chance on periods after those it learned from. */
                blend: {
                    fromWeeks: number;
                    toWeeks: number;
                    /** @description reps: commits, or commit + half of best case where nobody committed; manager: adjustments. A voice that spoke at too few periods is left out. */
                    of: ("foresell" | "reps" | "manager")[];
                    /** @description Learned from all periods; they add up to 1. */
                    weights: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    periods: number;
                    /** @description Periods that judged it, each by weights learned from those before. */
                    judged: number;
                    looks: number;
                    wape: number | null;
                    /** @description Of each voice at the same looks. */
                    voiceWape: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    /** @description Chance that it beats a voice by as much without being better; at most .05 of each is asked. */
                    p: {
                        foresell?: number;
                        reps?: number;
                        manager?: number;
                    };
                    /** @enum {string} */
                    verdict: "used" | "nobody" | "tooFew" | "notBetter";
                    /** @enum {string|null} */
                    over: "foresell" | "reps" | "manager" | null;
                    needed: number;
                    says: string;
                }[];
            } | null;
            looks: {
                /** Format: date-time */
                at: string;
                period: string;
                weeksLeft: number;
                version: string;
                /** @description The version learned from what happened after the look. */
                hindsight: boolean;
                booked: components["schemas"]["Money"];
                expected: components["schemas"]["Money"];
                p10: components["schemas"]["Money"];
                p50: components["schemas"]["Money"];
                p90: components["schemas"]["Money"];
                usual: components["schemas"]["Money"] | null;
                stageRate: components["schemas"]["Money"] | null;
                categories: components["schemas"]["Money"] | null;
                came: components["schemas"]["Money"];
            }[];
            notes: string[];
        };
        ForecastHistory: {
            period: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            sample: boolean;
            items: {
                /** @description Date where the company is. */
                day: string;
                /** Format: date-time */
                asOf: string;
                version: string;
                booked: components["schemas"]["Money"];
                expected: components["schemas"]["Money"];
                p10: components["schemas"]["Money"];
                p50: components["schemas"]["Money"];
                p90: components["schemas"]["Money"];
                quota: components["schemas"]["Money"] | null;
                probabilityOfQuota: number | null;
                openDeals: number;
            }[];
        };
        ForecastComparison: {
            /** Format: date-time */
            asOf: string;
            period: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            previous: {
                period: string;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            };
            yearBefore: {
                period: string;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
            };
            /** @description Share of the period that has passed. */
            elapsed: number;
            currency: string;
            sample: boolean;
            /** @description The whole of the period by past bookings alone, week by week, as a series goes on; it knows nothing of the open deals, so a look from above at what is expected. Null where there are fewer than 26 weeks of bookings, or the period is over. */
            topDown: components["schemas"]["Money"] | null;
            /** @enum {string} */
            by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
            total: {
                id: string | null;
                name: string;
                parentId: string | null;
                quota: components["schemas"]["Money"] | null;
                expected: components["schemas"]["Money"];
                probabilityOfQuota: number | null;
                /** @description Booked / quota. */
                attainment: number | null;
                /** @description Expected / quota. */
                expectedAttainment: number | null;
                /** @description Attainment / share of the period that has passed: 1 is on plan. */
                pace: number | null;
                openDeals: number;
                due: components["schemas"]["Money"] & unknown;
                /** @description Due / (quota - booked); null where nothing is missing. */
                coverage: number | null;
                /** @description Money a day: open deals x win rate x average win / cycle, of what ended within 365 days. */
                velocity: components["schemas"]["Money"] | null;
                now: {
                    booked: components["schemas"]["Money"];
                    wonDeals: number;
                    lostDeals: number;
                    /** @description Won of all that ended, by number. */
                    winRate: number | null;
                    /** @description The same by money, of those whose amount is known. */
                    winRateOfMoney: number | null;
                    /** @description Median days from creation to win. */
                    cycleDays: number | null;
                    averageWin: components["schemas"]["Money"] | null;
                };
                /** @description Null where the records do not reach back so far. */
                previous: {
                    /** @description What had ended by the same day of it. */
                    byThen: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    whole: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    bookedChange: components["schemas"]["Money"] & unknown;
                    /** @description The same as a share of what was booked by then. */
                    bookedGrowth: number | null;
                } | null;
                /** @description Null where the records do not reach back so far. */
                yearBefore: {
                    /** @description What had ended by the same day of it. */
                    byThen: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    whole: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    bookedChange: components["schemas"]["Money"] & unknown;
                    /** @description The same as a share of what was booked by then. */
                    bookedGrowth: number | null;
                } | null;
            };
            /** @description A team holds its sub-teams. */
            groups: {
                id: string | null;
                name: string;
                parentId: string | null;
                quota: components["schemas"]["Money"] | null;
                expected: components["schemas"]["Money"];
                probabilityOfQuota: number | null;
                /** @description Booked / quota. */
                attainment: number | null;
                /** @description Expected / quota. */
                expectedAttainment: number | null;
                /** @description Attainment / share of the period that has passed: 1 is on plan. */
                pace: number | null;
                openDeals: number;
                due: components["schemas"]["Money"] & unknown;
                /** @description Due / (quota - booked); null where nothing is missing. */
                coverage: number | null;
                /** @description Money a day: open deals x win rate x average win / cycle, of what ended within 365 days. */
                velocity: components["schemas"]["Money"] | null;
                now: {
                    booked: components["schemas"]["Money"];
                    wonDeals: number;
                    lostDeals: number;
                    /** @description Won of all that ended, by number. */
                    winRate: number | null;
                    /** @description The same by money, of those whose amount is known. */
                    winRateOfMoney: number | null;
                    /** @description Median days from creation to win. */
                    cycleDays: number | null;
                    averageWin: components["schemas"]["Money"] | null;
                };
                /** @description Null where the records do not reach back so far. */
                previous: {
                    /** @description What had ended by the same day of it. */
                    byThen: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    whole: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    bookedChange: components["schemas"]["Money"] & unknown;
                    /** @description The same as a share of what was booked by then. */
                    bookedGrowth: number | null;
                } | null;
                /** @description Null where the records do not reach back so far. */
                yearBefore: {
                    /** @description What had ended by the same day of it. */
                    byThen: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    whole: {
                        booked: components["schemas"]["Money"];
                        wonDeals: number;
                        lostDeals: number;
                        /** @description Won of all that ended, by number. */
                        winRate: number | null;
                        /** @description The same by money, of those whose amount is known. */
                        winRateOfMoney: number | null;
                        /** @description Median days from creation to win. */
                        cycleDays: number | null;
                        averageWin: components["schemas"]["Money"] | null;
                    };
                    bookedChange: components["schemas"]["Money"] & unknown;
                    /** @description The same as a share of what was booked by then. */
                    bookedGrowth: number | null;
                } | null;
            }[];
            notes: string[];
        };
        AdjustmentsAnswer: {
            /** Format: date-time */
            arrivedAt: string;
            items: {
                id: number;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                kind: "adjustment" | "commit" | "undo";
                /** @enum {string} */
                by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                group: string | null;
                period: string;
                amount: components["schemas"]["Money"];
                reason: string;
                /** @description The key that it was told with; null where the server asks for none. */
                author: {
                    id: string;
                    name: string;
                } | null;
                undoes: number | null;
            }[];
        };
        AdjustmentsRequest: {
            adjustments: ({
                /**
                 * @description A manager’s number, or a rep’s own call.
                 * @enum {string}
                 */
                kind: "adjustment" | "commit";
                /**
                 * @default all
                 * @enum {string}
                 */
                by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                /** @description Of the group; none for the whole. */
                id?: string;
                /** @description Default: the current fiscal quarter. */
                period?: string;
                amount: components["schemas"]["Money"] & unknown;
                reason: string;
            } | {
                /** @enum {string} */
                kind: "undo";
                undoes: number;
                reason: string;
            })[];
        };
        Adjustments: {
            items: {
                id: number;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                kind: "adjustment" | "commit" | "undo";
                /** @enum {string} */
                by: "all" | "team" | "owner" | "region" | "product" | "segment" | "business";
                group: string | null;
                period: string;
                amount: components["schemas"]["Money"];
                reason: string;
                /** @description The key that it was told with; null where the server asks for none. */
                author: {
                    id: string;
                    name: string;
                } | null;
                undoes: number | null;
                inForce: boolean;
            }[];
        };
        PipelineInspection: {
            /** Format: date-time */
            asOf: string;
            /** Format: date-time */
            since: string;
            period: string;
            currency: string;
            sample: boolean;
            /** @enum {string} */
            model: "deal";
            version: string;
            lowSkill: boolean;
            expected: components["schemas"]["Money"] & unknown;
            openDeals: number;
            openAmount: components["schemas"]["Money"];
            /** @description Those that show something, most money at stake first. */
            deals: {
                id: string;
                name: string;
                ownerId: string | null;
                stage: string | null;
                amount: components["schemas"]["Money"];
                /** @description Of being won in the period. */
                chance: number;
                expected: components["schemas"]["Money"] & unknown;
                atStake: components["schemas"]["Money"] & unknown;
                findings: {
                    /** @enum {string} */
                    check: "stalled" | "slipping" | "overdue" | "monthEnd" | "noNextStep" | "singleThreaded" | "disagrees";
                    /**
                     * @description act: beyond nine of ten won deals, or past its date; look: beyond eight of ten, or a thing to ask.
                     * @enum {string}
                     */
                    level: "look" | "act";
                    text: string;
                    /** @description Facts, numbers and dates; usual80 and usual90 are of won deals at that stage. */
                    evidence: {
                        [key: string]: number | string | null;
                    };
                    /**
                     * @description What the forecast was asked: the deal dropped, won by the usual push later, or as often as others from its stage.
                     * @enum {string}
                     */
                    edit: "drop" | "push" | "stageRate";
                    change: components["schemas"]["Money"] & unknown;
                    /** @description disagrees: what of the record speaks for it most. */
                    story?: {
                        code: string;
                        contribution: number;
                        text: string;
                    }[];
                }[];
            }[];
            concentration: {
                /** @description Half of it lies in five deals or fewer. */
                risky: boolean;
                text: string;
                expected: components["schemas"]["Money"];
                effectiveDeals: number;
                half: {
                    id: string;
                    name: string;
                    expected: components["schemas"]["Money"];
                    share: number;
                }[];
            } | null;
            /** @description Every deal that moved since, the largest change first. */
            moves: {
                id: string;
                name: string;
                kinds: ("created" | "won" | "lost" | "reopened" | "gone" | "stageForward" | "stageBack" | "pushedOut" | "pulledIn" | "amountUp" | "amountDown" | "owner" | "category" | "filledIn" | "chance")[];
                text: string;
                fields: {
                    field: string;
                    from: string | null;
                    to: string | null;
                }[];
                before: components["schemas"]["Money"];
                after: components["schemas"]["Money"];
                change: components["schemas"]["Money"];
                causes: {
                    /** @enum {string} */
                    cause: "new" | "won" | "lost" | "pushedOut" | "pulledIn" | "amountUp" | "amountDown" | "data" | "version" | "currency" | "moved" | "newBusiness" | "renewals";
                    change: components["schemas"]["Money"];
                }[];
            }[];
            moved: {
                before: components["schemas"]["Money"];
                after: components["schemas"]["Money"];
                change: components["schemas"]["Money"];
                causes: {
                    /** @enum {string} */
                    cause: "new" | "won" | "lost" | "pushedOut" | "pulledIn" | "amountUp" | "amountDown" | "data" | "version" | "currency" | "moved" | "newBusiness" | "renewals";
                    change: components["schemas"]["Money"];
                }[];
            };
            /** @description Learned of won deals by stage; null: all stages, for those with fewer than ten stays. */
            usual: {
                stage: string | null;
                wonStays: number;
                days: {
                    usual80: number;
                    usual90: number;
                };
                slippedDays: {
                    usual80: number;
                    usual90: number;
                };
                silentDays: {
                    usual80: number;
                    usual90: number;
                };
                twoContacts: number;
            }[];
            apart: {
                id: string;
                why: string;
                currency: string | null;
            }[];
            notes: string[];
        };
        AccountValue: {
            id: string;
            /** Format: date-time */
            asOf: string;
            /** @enum {string} */
            model: "clv";
            /** @description Hash of the fitted parameters. */
            version: string;
            featuresHash: string;
            sample: boolean;
            stale: boolean;
            /** @description The fit did not settle; the notes say why. */
            lowSkill: boolean;
            /**
             * @description Whichever said the newest quarter of the time better.
             * @enum {string}
             */
            law: "bg-nbd" | "pareto-nbd";
            /**
             * Format: date-time
             * @description The parameters are of all accounts as known then.
             */
            learnedAt: string;
            horizonDays: number;
            /** @description P(has not left for good). In BG/NBD nobody leaves before a second order: 1 after one order. */
            pAlive: number;
            /** @description P(no order within the horizon). */
            pNoOrder: number;
            expectedPurchases: number;
            expectedValue: components["schemas"]["Money"] & unknown;
            /** @description Central 80 % of what this one account will bring. */
            interval: {
                low: components["schemas"]["Money"];
                high: components["schemas"]["Money"];
                level: number;
            };
            orders: number;
            /** Format: date-time */
            firstOrderAt: string;
            /** Format: date-time */
            lastOrderAt: string;
            /** @description Fifths of all accounts; 5 ordered most recently, most often, for most. */
            rfm: {
                recency: number;
                frequency: number;
                monetary: number;
            };
            segment: {
                /**
                 * @description By expected profit beside the mean account: keep from the mean on, let-go under a third of it, grow between.
                 * @enum {string}
                 */
                code: "keep" | "grow" | "let-go";
                text: string;
            };
            notes: {
                code: string;
                number: number;
                text: string;
            }[];
        };
        ModelList: {
            items: components["schemas"]["Model"][];
        };
        Model: {
            model: string;
            served: string | null;
            featuresHash: string | null;
            features: {
                name: string;
                label: {
                    en: string;
                    th: string;
                };
                unit: string;
                idea: string;
            }[];
            grades: {
                grade: string;
                from: number;
            }[];
            versions: {
                version: string;
                /** Format: date-time */
                createdAt: string;
                served: boolean;
                lowSkill: boolean;
                summary: {
                    [key: string]: unknown;
                };
            }[];
            promotions: {
                /** Format: date-time */
                at: string;
                version: string;
                previous: string | null;
                /** @enum {string} */
                action: "promote" | "rollback";
                reason: string;
            }[];
        };
        Promotion: {
            reason: string;
        };
        Training: {
            model: string;
            /** @description Null where none runs that this server started. */
            running: {
                /** Format: date-time */
                startedAt: string;
                /** @description What it said last: the step that it has done. */
                says: string;
            } | null;
            /** @description The newest that is recorded, by whomever. */
            last: {
                /** @description As `foresell models runs` calls it. */
                run: string;
                /** Format: date-time */
                startedAt: string;
                /**
                 * @description served: it serves. kept: stored, but the gate refused it. failed: nothing came of it. same, differs: an earlier one made again.
                 * @enum {string}
                 */
                outcome: "served" | "kept" | "failed" | "same" | "differs";
                version: string | null;
                /** @description Of the gate, or what went wrong. */
                reason: string | null;
            } | null;
            /** @description Why the last one of this server ended before it was recorded. */
            failure: string | null;
        };
        TrainingRequest: {
            /** @enum {string} */
            profile?: "fast" | "default" | "best";
            seed?: number;
            /** @description Seconds of a search of the network’s settings. */
            budget?: number;
            /**
             * Format: date-time
             * @description Nothing known at or after it is used. Default: now.
             */
            until?: string;
        };
        Drift: {
            model: string;
            version: string;
            trainedTo: string;
            since: string;
            asOf: string;
            /**
             * @description null where nothing can be told yet; `why` says so.
             * @enum {string|null}
             */
            level: "quiet" | "look" | "act" | null;
            why: string | null;
            rows: number;
            inputs: {
                /**
                 * @description quiet: as usual; look: it has moved; act: so far that the model is asked outside of what it learned.
                 * @enum {string}
                 */
                level: "quiet" | "look" | "act";
                columns: number;
                moved: {
                    feature: string;
                    /**
                     * @description quiet: as usual; look: it has moved; act: so far that the model is asked outside of what it learned.
                     * @enum {string}
                     */
                    level: "quiet" | "look" | "act";
                    psi: number;
                    ks: number;
                    usualPsi: number;
                    missing: number;
                    missingBefore: number;
                }[];
            } | null;
            scores: {
                /**
                 * @description quiet: as usual; look: it has moved; act: so far that the model is asked outside of what it learned.
                 * @enum {string}
                 */
                level: "quiet" | "look" | "act";
                psi: number;
                ks: number;
            } | null;
            outcomes: {
                /**
                 * @description quiet: as usual; look: it has moved; act: so far that the model is asked outside of what it learned.
                 * @enum {string}
                 */
                level: "quiet" | "look" | "act";
                ended: number;
                rate: number | null;
                rateBefore: number;
            } | null;
            calibration: {
                /**
                 * @description quiet: as usual; look: it has moved; act: so far that the model is asked outside of what it learned.
                 * @enum {string}
                 */
                level: "quiet" | "look" | "act";
                judged: number;
                logLoss: number | null;
                expected: number | null;
                since: string | null;
            } | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
