using System.Text.Json.Nodes;
using FollowUp.Application.Instances;
using FollowUp.Web.Endpoints;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>What the routes alone do not say about an operation: words for a person, types of query parameters, headers.</summary>
internal static class Operations
{
    private static readonly Dictionary<string, string> Details = new()
    {
        ["enroll"] =
            "409 with `alreadyEnrolled` (and the `id` in the way) when the recipient is ACTIVE or PAUSED in the sequence, `suppressed` when the address must get nothing more, `sequenceDisabled` when the sequence takes no enrolments.",
        ["enrollMany"] =
            "Up to 1,000,000 rows and 1 GiB, read as a stream: at most an hour, and never 30 s without a byte. A CSV has a header with a column for the mail address and up to 500 columns, separated by commas, semicolons or tabs, in UTF-8, in UTF-16 with a byte order mark, or in the `charset` of the Content-Type (`windows-1252`, `iso-8859-1`). `email`, `name`, `firstName`, `lastName`, `phone`, `timeZone`, `offerId` and `startAt` are found by their names or common synonyms such as `E-mail Address` and `Vorname`; every other column becomes a variable, nested at dots. `columns` in the response says how each was read, `map` overrides it. The cells `true` and `false` are booleans, all others texts. NDJSON has the body of the single call on each line. Good rows are enrolled whatever the others are; at most 1,000 errors are listed.",
        ["pauseOrResumeInstance"] = "The instance, `scheduledId`, must belong to this sequence.",
        ["resumeInstance"] =
            "`shift` (default): what remained of the wait when it was paused remains. `keep`: the original instant; what is overdue is due now. `restart`: the full delay anew.",
        ["stopInstance"] =
            "`unsubscribed`, `complained` and `bounced` suppress the address too: the person's other instances end as their next mails come due.",
        ["retryStep"] = "For FAILED instances; 409 `invalidTransition` names both statuses otherwise.",
        ["skipStep"] = "For FAILED instances; 409 `invalidTransition` names both statuses otherwise.",
        ["resolveStep"] = "`sent`: the message went out, go on with the next step. `resend`: send it again.",
        ["updateSequence"] =
            "A PUT with the same steps makes no new version. Running instances stay on theirs until they are migrated. A step is known by its `id`; one without an id is taken for the present step that says the same, or for the one of its type that stood in its place.",
        ["listVersions"] = "A version is what was published: its steps never change. Its instances are counted by status.",
        ["planVersion"] =
            "What publishing these steps would do: the difference from the current ones, by step id, where the running instances stand, and where each policy would send them. Nothing is changed. Give the current steps to see what migrating to the current version would do.",
        ["migrateVersion"] =
            "Moves the running instances (ACTIVE, PAUSED, FAILED) of older versions to the current one, in batches, in the background. `stay` moves no instance; `content` moves those whose version has the same step ids, types and delays in the same order, so that only texts change; `map` moves each to the same step, to the step that the map names (`null`: no step is left for it), or to the step after a removed one. No recipient gets a step a second time. A step that is being sent is finished first; an instance in doubt stays. In a sequence with more than 1,000 running instances `total` is null until the first batch has counted them; `stay`, which is completed at once, then has no total. 409 with `versionNotCurrent`, or with `migrationRunning` and the `id` of the other one.",
        ["stopMigration"] = "It halts between two batches; what was moved stays moved.",
        ["continueMigration"] =
            "It goes on where it was stopped. 409 with `versionNotCurrent` when the sequence has a newer version by now.",
        ["getWhy"] =
            "`steps` is what was carried out, with the tries that are still kept; `next` the step that comes next or failed, with the instants at which it was wanted and is due, and why they differ; `waitingFor` the one thing that has to happen first. The worker's own rules answer, suppressions and, for a message that is due, limits and the operator's ceilings included; `expected` says what will happen to the step. What a limit will do to a mail that is not due yet is not predicted.",
        ["getStats"] =
            "Counted from the log, in the transaction that writes it. `from` and `to` are days in UTC; `to` counts no more. Answers are counted at the message that they answer, on the day of the answer. A step that failed and was sent after a retry counts in both.",
        ["createCalendar"] =
            "As JSON, `dates` or `days` (dates with names). As `text/calendar` the body is an iCalendar file and `name` is a query parameter: each date that an event touches counts, recurring events for the next ten years, and the events name the days. `warnings` tells of a calendar without a date ahead, one whose last date is within 60 days, and an EXDATE without effect. 409 `calendarNameTaken` when another calendar has the name.",
        ["listSuppressions"] = "With `Accept: text/csv` all of them, as a file that can be imported again.",
        ["addSuppression"] =
            "201 when the suppression is new, 200 with the existing one otherwise. Running instances of the address stop as their next steps come due; enrolments of it are refused with 409 `suppressed`. `email` and `phone` are short for `address` with the channel.",
        ["addManySuppressions"] =
            "A CSV whose header names `address`, `email` or `phone`, and perhaps `channel` and `reason` (other columns are ignored), or one JSON object of the single call a line. Limits, separators and charsets are those of bulk enrolment. Good rows are stored whatever the others are; repeating a call adds nothing twice.",
        ["liftSuppression"] =
            "`reason` is required and kept in the audit log. A complaint is lifted only with `confirm=true`; without it the answer is 409 `confirmationRequired`. Stopped instances stay stopped.",
        ["getCalendar"] = "By its name or its id.",
        ["updateCalendar"] = "By its name or its id. `dates`, `days` or the days of an iCalendar file replace those that it has.",
        ["deleteCalendar"] = "By its name or its id. 409 `calendarInUse` when a sequence's schedule names it.",
        ["getLimits"] = "`today` is the day that is being counted, with the mails so far.",
        ["setLimits"] =
            "Sets all of them: what is absent is not limited. Mails that wait for an old limit are asked again at once. Text messages are not counted.",
        ["createSequence"] =
            "Each template is parsed and rendered once with empty values. A template that does not parse, outputs a variable that does not exist or exceeds a limit is a 400 that names it. `variables` lists what the templates read, at most 500 different variables in all: a recipient without a value for a `required` one makes the step fail before it is sent.",
        ["previewSequence"] =
            "For each step its instant, what moved it, and what it would say, by the same code that the worker runs. `assume` says what is taken for granted: a variant, pauses, steps that are not sent. `steps` are previewed in place of those that are saved. A step with holes is `failed`, and the steps after it are shown as if somebody had mended it. The link for unsubscribing in it unsubscribes nobody.",
        ["previewSteps"] = "As `previewSequence`, for steps that are in no sequence yet.",
        ["sendTestMail"] =
            "The subject begins with `[Test] `, the header `X-FollowUp-Test` is `true`. A follow-up without a subject is shown as `Re:` the first mail's. It leaves no instance, no event and no figure. 409 `suppressed` for an address that must get nothing more. It counts against the operator's limit of mails a day (`Ceilings:MailsPerDay`): 409 `ceilingReached` with the instant `until` which it is used up; at most 10 a minute.",
        ["askToUnsubscribe"] = "A GET changes nothing: link scanners follow links before people do.",
        ["unsubscribe"] =
            "Suppresses the address for all sequences of the sender, and stops the instance whose mail had the link. Doing it again changes nothing. Needs no credential and no cookie.",
        ["createKey"] =
            "With `kind` `sandbox` the key acts in a world of its own, which all sandbox keys of the user share: other data, providers that keep their mail to themselves, and a clock that stands until `POST /api/sandbox/clock` moves it. All routes work there, but those of keys. Needs a token: an API key gets 403 `tokenRequired`. The secret is shown once: a repeat with the same `Idempotency-Key` is a 409 `secretAlreadyShown`. At most 100 keys a user, else 409 `tooManyKeys`.",
        ["revokeKey"] = "Needs a token: an API key gets 403 `tokenRequired`.",
        ["listKeys"] = "`lastUsedAt` is the hour of the last use; a use on another node appears within a minute.",
        ["listUsers"] = "For operators (`Authentication:Operators`); 403 `operatorRequired` for others.",
        ["blockUser"] =
            "For operators. From now on all requests of the user get 403 `blocked`, and the user's steps are parked as they come due; a step that is being sent is finished. Links for unsubscribing keep working. 409 `cannotBlockYourself`.",
        ["unblockUser"] = "For operators. Parked steps go on, spread like a backlog.",
        ["getSandboxClock"] =
            "For API keys of kind `sandbox`; 403 `sandboxKeyRequired` for others. The clock stands until it is moved, so nothing happens in a sandbox by itself.",
        ["moveSandboxClock"] =
            "Give `advance` (an ISO 8601 duration, at most ten years; `PT0S` carries out what is due already) or `to` (an instant). The clock stops at each instant at which a step is due, and the step is carried out there by the engine that carries out live ones; so is what follows from it. One call does so much (by default 2,000 steps, 10 s): with `done` false call again with `to` and the `target` of the answer. What was carried out stays carried out, whatever becomes of the call. 409 `sandboxBusy` while another call moves the clock.",
        ["listSandboxMessages"] =
            "What a provider would have been handed: the mail as it would go out, and at which instant of the sandbox's clock.",
        ["emptySandbox"] =
            "Sequences, instances, events, messages, limits, calendars: all of the sandbox, and nothing else. 409 `sandboxBusy` while another call moves its clock.",
        ["listEvents"] =
            "To follow the log, ask again and again with `after` and the id of the last event that you have: you see every event exactly once, also one whose transaction commits late. Events are in the order in which they were written, which is not always the order of `sentAt`; an event is shown once nothing can come before it any more. With a filter, a page may be empty and still have a `nextCursor`. `Accept: application/x-ndjson` or `text/csv` streams the whole log without pages.",
        ["actOnInstances"] =
            "`pause`, `resume` (with `timing`), `stop` (with `reason`), `retry`, `skip` or `resolve` (with `outcome`, for steps in doubt), on the instances that match `filter`, or on up to 10,000 `ids`. It runs in the background as an operation; instances that are enrolled later are left alone, and steps that it makes due are spread as after enabling a sequence. With `dryRun` nothing changes and the answer is a 200 that counts the matching instances and says by code which would be refused. 409 `tooManyOperations` when 20 such operations are under way.",
        ["listOperations"] =
            "Mass changes that run in the background, in batches: the deletion of a sequence's rows, the release of a sequence's instances when it is enabled again, new schedules, calendars and limits, and actions on many instances. Operations that have ended are kept for 30 days.",
        ["getOperation"] =
            "`total` is null until the rows are counted. `done` counts the rows that were changed, `refused` those that a rule refused (`refusedBy` by code), `errors` those that were passed over because changing them failed.",
        ["cancelOperation"] =
            "What was done stays done. 409 `notCancellable` for a deletion and for the release of a sequence's instances (disable the sequence instead), `invalidTransition` when the operation has ended.",
    };

    private static readonly Dictionary<string, (string Text, OpenApiSchema? Schema)> Parameters = new()
    {
        ["id"] = ("The id.", null),
        ["version"] = ("The version's number.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }),
        ["migrationId"] = ("The migration's id.", null),
        ["token"] = ("The link's last part: opaque, and good for as long as the mail exists.", null),
        ["limit"] = (
            "The most rows a page.",
            new()
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = "200",
                Default = JsonValue.Create(50),
            }
        ),
        ["cursor"] = ("Where the page begins: the `nextCursor` of the page before.", null),
        ["status"] = (
            "Only instances with this status.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(Schemas.InstanceStatuses) }
        ),
        ["listOperations.state"] = (
            "Only operations in this state.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["queued", "running", "completed", "cancelled", "failed"]) }
        ),
        ["updateSequence.dryRun"] = (
            "`true`: nothing changes, and the answer says what the change would do to waiting steps.",
            new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) }
        ),
        ["updateCalendar.dryRun"] = (
            "`true`: nothing changes, and the answer says what the change would do to waiting steps.",
            new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) }
        ),
        ["email"] = ("Only instances of this address, whatever its case.", null),
        ["attention"] = (
            "`true` for those that wait for a user, `false` for the others, or a reason.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["true", "false", .. Schemas.Attentions]) }
        ),
        ["step"] = ("Only instances whose next or failed step has this index.", new() { Type = JsonSchemaType.Integer, Minimum = "0" }),
        ["listInstances.version"] = ("Only instances on this version.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }),
        ["stopReason"] = (
            "Only instances that were stopped for this reason.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(Schemas.StopReasons) }
        ),
        ["listInstances.variant"] = ("Only instances that were sent this variant of an EMAIL step.", null),
        ["listInstances.sort"] = (
            "`-enrolledAt`: newest first. `nextDueAt`: only instances whose next step is scheduled, in the order in which the steps are carried out. A cursor belongs to one sort.",
            new()
            {
                Type = JsonSchemaType.String,
                Enum = Schemas.Values([ListInstances.Newest, ListInstances.NextDue]),
                Default = JsonValue.Create(ListInstances.Newest),
            }
        ),
        ["dueBefore"] = (
            "Only instances whose next step is due before this instant.",
            new() { Type = JsonSchemaType.String, Format = "date-time" }
        ),
        ["listInstances.q"] = ("Only instances whose recipient's address or name begins with this text, in any case.", null),
        ["recipient"] = ("Only messages to this address or number, whatever its case.", null),
        ["instanceId"] = ("Only messages of this instance.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ["after"] = (
            "Only events behind this one in the log: the id of the last event that you have.",
            new() { Type = JsonSchemaType.String, Format = "uuid" }
        ),
        ["listEvents.sequenceId"] = ("Only events of this sequence's instances.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ["sequenceId"] = ("Only instances of this sequence.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ["channel"] = ("Only this channel.", new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["EMAIL", "SMS"]) }),
        ["reason"] = (
            "Only suppressions with this reason.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["unsubscribed", "bounced", "complained", "manual"]) }
        ),
        ["liftSuppression.reason"] = ("Why the suppression is lifted, 1 to 500 characters; the audit log keeps it. Required.", null),
        ["confirm"] = ("`true` to lift a suppression after a complaint.", new() { Type = JsonSchemaType.Boolean }),
        ["q"] = ("Only addresses that begin with this text, in any case.", null),
        ["calendar"] = ("The calendar's name or id.", null),
        ["enrollMany.map"] = (
            "Which column fills which field: `<column>:<field>`, repeated or separated by commas, or a JSON object. A column is its name or its number as `#3`; a field is `email`, `name`, `firstName`, `lastName`, `phone`, `timeZone`, `offerId`, `startAt`, `variables.<name>`, or `-` to ignore the column.",
            null
        ),
        ["enrollMany.dryRun"] = (
            "`true` checks everything and stores nothing; the response is that of the real call.",
            new()
            {
                Type = JsonSchemaType.String,
                Enum = Schemas.Values(["true", "false"]),
                Default = JsonValue.Create("false"),
            }
        ),
        ["name"] = ("With an iCalendar file: what the calendar is called.", null),
        ["timeZone"] = (
            "With an iCalendar file: the IANA zone whose days count for instants in UTC, in place of the file's own.",
            new() { Type = JsonSchemaType.String }
        ),
        ["include"] = ("With an iCalendar file: only events whose summary or category contains one of these texts (at most 20).", null),
        ["exclude"] = ("With an iCalendar file: no events whose summary or category contains one of these texts (at most 20).", null),
        ["type"] = ("Only events of this type, such as EMAIL or paused.", null),
        ["blocked"] = ("`true` for blocked users, `false` for the others.", new() { Type = JsonSchemaType.Boolean }),
        ["listUsers.q"] = ("Only users whose subject begins so.", null),
        ["from"] = ("Only events at or after this instant.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
        ["getStats.from"] = ("The first day that counts.", new() { Type = JsonSchemaType.String, Format = "date" }),
        ["getStats.to"] = ("The first day that counts no more.", new() { Type = JsonSchemaType.String, Format = "date" }),
        ["getStats.version"] = ("Only this version.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }),
        ["to"] = ("Only events before this instant.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
    };

    private static readonly Dictionary<string, string> Answers = new()
    {
        ["200"] = "Done.",
        ["201"] = "Created.",
        ["202"] = "Begun; it goes on in the background.",
        ["204"] = "Done; there is nothing to show.",
        ["400"] = "A field is wrong; `errors` names it and the rule.",
        ["401"] = "No valid credential.",
        ["403"] = "The credential is genuine but may not do this; `code` says why.",
        ["404"] = "There is no such thing, or it is somebody else's.",
        ["409"] = "The present state does not allow it; `code` says why.",
        ["412"] = "If-Match does not match.",
        ["413"] = "The body is too large.",
        ["415"] = "The content type is not supported.",
        ["429"] = "Too many requests; see Retry-After.",
        ["503"] = "The database, or with `issuerUnreachable` the issuer of the tokens, cannot be reached at the moment; see Retry-After.",
    };

    public static void Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var id = operation.OperationId ?? "";
        operation.Description = Details.GetValueOrDefault(id) ?? $"{operation.Summary}.";
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesIdempotencyKey>().Any())
        {
            AddHeader(
                operation,
                "Idempotency-Key",
                "Kept for 24 h: the same key and body get the first answer again; the same key and another body get 409.",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    MinLength = 1,
                    MaxLength = 255,
                    Pattern = "^[ -~]+$",
                }
            );
        }

        if (id is "updateSequence" or "deleteSequence")
        {
            AddHeader(
                operation,
                "If-Match",
                "The ETag that was read: the call fails with 412 when the sequence has changed since.",
                new OpenApiSchema { Type = JsonSchemaType.String }
            );
        }

        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (Parameters.TryGetValue($"{id}.{parameter.Name}", out var known) || Parameters.TryGetValue(parameter.Name ?? "", out known))
            {
                parameter.Description = known.Text;
                parameter.Schema = known.Schema ?? parameter.Schema;
            }
        }

        if (operation.RequestBody is OpenApiRequestBody body)
        {
            // A body without fields that must be given need not be there itself.
            body.Required = id != "resumeInstance";
        }

        Answer(operation, id);
    }

    private static void Answer(OpenApiOperation operation, string id)
    {
        var answers = new OpenApiResponses();
        foreach (var (status, answer) in (operation.Responses ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            answer.Description = Answers.GetValueOrDefault(status, answer.Description ?? "");
            answers[status] = answer;
        }

        operation.Responses = answers;
        if (id == "listEvents" && answers["200"].Content is { } content)
        {
            content[Events.Csv].Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A line for each event." };
            content[Events.Ndjson].Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "A FollowUpEvent on each line.",
            };
        }

        foreach (var (status, answer) in answers)
        {
            var headers = new Dictionary<string, IOpenApiHeader>();
            if (status is "429" or "503")
            {
                headers["Retry-After"] = Header("When to try again, in seconds.", JsonSchemaType.Integer);
            }

            if (status is "201" or "202")
            {
                headers["Location"] = Header("Where it is.", JsonSchemaType.String);
            }

            if (status is "200" or "201" && id is "createSequence" or "getSequence" or "updateSequence")
            {
                headers["ETag"] = Header("What If-Match wants to be given.", JsonSchemaType.String);
            }

            if (headers.Count > 0 && answer is OpenApiResponse own)
            {
                own.Headers = headers;
            }
        }
    }

    private static OpenApiHeader Header(string description, JsonSchemaType type) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = type },
        };

    private static void AddHeader(OpenApiOperation operation, string name, string description, OpenApiSchema schema)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(
            new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Description = description,
                Schema = schema,
            }
        );
    }
}
