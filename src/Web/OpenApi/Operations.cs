using System.Text.Json.Nodes;
using FollowUp.Application.Instances;
using FollowUp.Web.Endpoints;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>Adds to each operation what the routes do not declare: descriptions, types of query parameters, headers.</summary>
internal static class Operations
{
    private static readonly Dictionary<string, string> Details = new()
    {
        ["enroll"] =
            "409 `alreadyEnrolled` with the instance's `id` when the recipient is ACTIVE or PAUSED in the sequence, `suppressed` when the address is suppressed, `sequenceDisabled` when the sequence accepts no enrolments.",
        ["enrollMany"] =
            "Reads up to 1,000,000 rows and 1 GiB as a stream, for at most an hour and with at most 30 s without a byte. A CSV has a header with a column for the email address and up to 500 columns. The separator is a comma, a semicolon or a tab; the encoding is UTF-8, UTF-16 with a byte order mark, or the `charset` of the Content-Type (`windows-1252`, `iso-8859-1`). `email`, `name`, `firstName`, `lastName`, `phone`, `timeZone`, `offerId` and `startAt` are recognized by name or by common synonyms such as `E-mail Address` and `Vorname`. Every other column becomes a variable; dots in its name nest variables. `columns` in the response shows how each column was read, and `map` overrides it. The cells `true` and `false` are booleans, all other cells are texts. NDJSON has the body of a single enrolment on each line. Valid rows are enrolled even if others are rejected. The response lists at most 1,000 errors.",
        ["pauseOrResumeInstance"] = "The instance `scheduledId` must belong to this sequence.",
        ["resumeInstance"] =
            "`shift` (default): the wait that remained at the pause starts now. `keep`: the original due time; an overdue step is due now. `restart`: the full delay starts again.",
        ["stopInstance"] =
            "`unsubscribed`, `complained` and `bounced` also suppress the address: the recipient's other instances stop when their next mails become due.",
        ["retryStep"] = "For FAILED instances. Otherwise 409 `invalidTransition`, which names both statuses.",
        ["skipStep"] = "For FAILED instances. Otherwise 409 `invalidTransition`, which names both statuses.",
        ["resolveStep"] = "`sent`: the message was sent; continue with the next step. `resend`: send it again.",
        ["updateSequence"] =
            "A PUT with the same steps creates no new version. Running instances stay on their version until they are migrated. A step is identified by its `id`. A step without an id is matched with the current step that has the same content, or else with the step of the same type at the same position.",
        ["listVersions"] = "A version is a published list of steps, which never changes. Its instances are counted by status.",
        ["planVersion"] =
            "Shows what publishing these steps would do: the changes by step id, the steps at which running instances are, and the step to which each migration policy would move them. Nothing is changed. Pass the current steps to see what a migration to the current version would do.",
        ["migrateVersion"] =
            "Moves the running instances (ACTIVE, PAUSED, FAILED) of older versions to the current version, in background batches. `stay` moves no instance. `content` moves those whose version has the same step ids, types and delays in the same order, so that only texts change. `map` moves each instance to the same step, to the step that the map names (`null` ends the instance), or, if its step was removed, to the next step that still exists. No recipient gets a step twice. A step that is being sent is finished first; an instance with a send in doubt stays. In a sequence with more than 1,000 running instances, `total` is null until the first batch has counted them; `stay` completes at once and then has no total. 409 `versionNotCurrent`, or `migrationRunning` with the `id` of the running migration.",
        ["stopMigration"] = "The migration stops after its current batch. Instances that were moved stay moved.",
        ["continueMigration"] = "The migration continues where it stopped. 409 `versionNotCurrent` when the sequence has a newer version.",
        ["getWhy"] =
            "`steps` lists the executed steps with the attempts that are still stored. `next` is the next or failed step with its requested time, its due time and the reasons for the difference. `waitingFor` is the one thing that has to happen first. The result follows the worker's rules, including suppressions and, for a due message, limits and the operator's ceilings; `expected` is the predicted outcome of the step. The effect of a limit on a mail that is not due yet is not predicted.",
        ["getStats"] =
            "Computed from the event log, in the transaction that writes it. `from` and `to` are days in UTC; `to` is exclusive. Replies count for the message that they answer, on the day of the reply. A step that failed and was sent after a retry counts as both.",
        ["createCalendar"] =
            "As JSON: `dates`, or `days` (dates with names). As `text/calendar`: the body is an iCalendar file, and `name` is a query parameter. Each date that an event touches counts, recurring events for the next ten years, and the events name the days. `warnings` reports a calendar without a future date, one whose last date is within 60 days, and an EXDATE without effect. 409 `calendarNameTaken` when another calendar has the name.",
        ["listSuppressions"] = "`Accept: text/csv` returns all of them as a file that can be imported.",
        ["addSuppression"] =
            "201 for a new suppression, 200 with the existing one otherwise. Running instances of the address stop when their next steps become due; new enrolments get 409 `suppressed`. `email` and `phone` are short for `address` with the channel.",
        ["addManySuppressions"] =
            "A CSV whose header has `address`, `email` or `phone`, and optionally `channel` and `reason` (other columns are ignored), or one JSON object of the single call per line. Limits, separators and encodings are those of bulk enrolment. Valid rows are stored even if others are rejected. Repeating a call adds no duplicates.",
        ["liftSuppression"] =
            "`reason` is required and is stored in the audit log. Lifting a suppression after a complaint requires `confirm=true`; otherwise 409 `confirmationRequired`. Stopped instances stay stopped.",
        ["getCalendar"] = "`calendar` is the name or the id.",
        ["updateCalendar"] =
            "`calendar` is the name or the id. `dates`, `days` or the days of an iCalendar file replace the existing days.",
        ["deleteCalendar"] = "`calendar` is the name or the id. 409 `calendarInUse` when a sequence's schedule uses it.",
        ["getLimits"] = "`today` is the current day in the time zone of the limits, with the number of mails so far.",
        ["setLimits"] =
            "Replaces all limits; an absent field means no limit. Mails that wait for an old limit are checked again at once. Text messages are not limited.",
        ["createSequence"] =
            "Each template is parsed, and rendered once with empty values. A template that does not parse, outputs a variable that nothing provides, or exceeds a limit is a 400 that names the field. `variables` lists the variables that the templates read, at most 500: when a recipient has no value for a `required` one, the step fails before it is sent.",
        ["previewSequence"] =
            "Computes each step's time, the reasons that moved it, and its text, with the worker's code. `assume` sets a variant, pauses, or steps that are skipped. `steps` replaces the saved steps. A step with missing values has the outcome `failed`; the following steps are shown as if the error had been fixed. The unsubscribe link in the texts has no effect.",
        ["previewSteps"] = "Like `previewSequence`, for steps that do not belong to a sequence yet.",
        ["sendTestMail"] =
            "The subject begins with `[Test] `, and the header `X-FollowUp-Test` is `true`. A follow-up without a subject shows `Re:` with the subject of the first mail. A test mail creates no instance and no event and does not count in statistics. It counts toward the operator's daily limit (`Ceilings:MailsPerDay`): 409 `ceilingReached` with the time `until` which the limit is used up. 409 `suppressed` for a suppressed address. At most 10 per minute.",
        ["askToUnsubscribe"] = "A GET changes nothing, because link scanners open links before recipients do.",
        ["unsubscribe"] =
            "Suppresses the address for all sequences of the sender, and stops the instance whose mail contained the link. Repeating it has no further effect. Needs no credential and no cookie.",
        ["createKey"] =
            "A key of `kind` `sandbox` opens the user's sandbox, which all sandbox keys of the user share: separate data, providers that keep their messages, and a clock that only `POST /api/sandbox/clock` moves. All routes except those of keys work there. Requires a token: an API key gets 403 `tokenRequired`. The secret is shown once: a repeat with the same `Idempotency-Key` gets 409 `secretAlreadyShown`. At most 100 keys per user, then 409 `tooManyKeys`.",
        ["revokeKey"] = "Requires a token: an API key gets 403 `tokenRequired`.",
        ["listKeys"] = "`lastUsedAt` is the hour of the last use. A use on another node appears within a minute.",
        ["listUsers"] = "For operators (`Authentication:Operators`); 403 `operatorRequired` for other callers.",
        ["blockUser"] =
            "For operators. From now on all requests of the user get 403 `blocked`, and the user's steps are parked when they become due. A step that is being sent is finished. Unsubscribe links keep working. 409 `cannotBlockYourself`.",
        ["unblockUser"] = "For operators. Parked steps are released at the pace of a backlog.",
        ["getSandboxClock"] =
            "For API keys of kind `sandbox`; 403 `sandboxKeyRequired` for other callers. The clock does not advance until it is moved, so nothing happens in a sandbox by itself.",
        ["moveSandboxClock"] =
            "Pass `advance` (an ISO 8601 duration of at most ten years; `PT0S` executes the steps that are already due) or `to` (an instant). The clock stops at each instant at which a step is due, and the live engine executes the step there, and whatever follows from it. One call is bounded (by default 2,000 steps and 10 s): if `done` is false, call again with `to` set to `target`. Executed steps remain executed, even if the call is interrupted. 409 `sandboxBusy` while another call moves the clock.",
        ["listSandboxMessages"] = "Each message as a provider would have received it, with its time on the sandbox's clock.",
        ["emptySandbox"] =
            "Deletes all sequences, instances, events, messages, limits and calendars of the sandbox, and nothing else. 409 `sandboxBusy` while another call moves its clock.",
        ["listEvents"] =
            "To follow the log, poll with `after` and the id of the last event: each event is returned exactly once, including one whose transaction commits late. Events are in commit order, which can differ from the order of `sentAt`. An event appears once no earlier event can be added. With a filter, a page can be empty and still have a `nextCursor`. `Accept: application/x-ndjson` or `text/csv` streams the whole log without pages.",
        ["actOnInstances"] =
            "`pause`, `resume` (with `timing`), `stop` (with `reason`), `retry`, `skip` or `resolve` (with `outcome`, for sends in doubt), for the instances that match `filter` or for up to 10,000 `ids`. Runs in the background as an operation. Instances that are enrolled later are not included, and steps that become due are spread as after enabling a sequence. With `dryRun` nothing changes; the response is a 200 with the number of matching instances and of refusals by code. 409 `tooManyOperations` when 20 such operations are running.",
        ["listOperations"] =
            "Mass changes that run in background batches: deleting a sequence's rows, releasing a sequence's instances when it is enabled again, applying new schedules, calendars and limits, and actions on many instances. Finished operations are kept for 30 days.",
        ["getOperation"] =
            "`total` is null until the rows are counted. `done` counts changed rows, `refused` rows that a rule refused (`refusedBy` has the codes), and `errors` rows that were skipped because changing them failed.",
        ["cancelOperation"] =
            "Completed changes remain. 409 `notCancellable` for a deletion and for the release of a sequence's instances (disable the sequence instead), `invalidTransition` when the operation has ended.",
    };

    private static readonly Dictionary<string, (string Text, OpenApiSchema? Schema)> Parameters = new()
    {
        ["id"] = ("The id.", null),
        ["version"] = ("The version's number.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }),
        ["migrationId"] = ("The migration's id.", null),
        ["token"] = ("The last part of the link: opaque, and valid for as long as the mail exists.", null),
        ["limit"] = (
            "Maximum number of rows per page.",
            new()
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = "200",
                Default = JsonValue.Create(50),
            }
        ),
        ["cursor"] = ("The `nextCursor` of the previous page.", null),
        ["status"] = (
            "Only instances with this status.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(Schemas.InstanceStatuses) }
        ),
        ["listOperations.state"] = (
            "Only operations in this state.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["queued", "running", "completed", "cancelled", "failed"]) }
        ),
        ["updateSequence.dryRun"] = (
            "`true`: nothing changes; the response shows the effect on waiting steps.",
            new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) }
        ),
        ["updateCalendar.dryRun"] = (
            "`true`: nothing changes; the response shows the effect on waiting steps.",
            new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) }
        ),
        ["email"] = ("Only instances of this address, case-insensitive.", null),
        ["attention"] = (
            "`true` for instances that wait for a user, `false` for the others, or a reason.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["true", "false", .. Schemas.Attentions]) }
        ),
        ["step"] = ("Only instances whose next or failed step has this index.", new() { Type = JsonSchemaType.Integer, Minimum = "0" }),
        ["listInstances.version"] = ("Only instances on this version.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }),
        ["stopReason"] = (
            "Only instances that were stopped for this reason.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(Schemas.StopReasons) }
        ),
        ["listInstances.variant"] = ("Only instances to which this variant of an EMAIL step was sent.", null),
        ["listInstances.sort"] = (
            "`-enrolledAt`: newest first. `nextDueAt`: only instances whose next step is scheduled, in execution order. A cursor is valid for one sort order.",
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
        ["listInstances.q"] = ("Only instances whose recipient's address or name begins with this text, case-insensitive.", null),
        ["recipient"] = ("Only messages to this address or number, case-insensitive.", null),
        ["instanceId"] = ("Only messages of this instance.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ["after"] = (
            "Only events after this one in the log: the id of the last event that was read.",
            new() { Type = JsonSchemaType.String, Format = "uuid" }
        ),
        ["listEvents.sequenceId"] = ("Only events of this sequence's instances.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ["sequenceId"] = ("Only instances of this sequence.", new() { Type = JsonSchemaType.String, Format = "uuid" }),
        ["channel"] = ("Only this channel.", new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["EMAIL", "SMS"]) }),
        ["reason"] = (
            "Only suppressions with this reason.",
            new() { Type = JsonSchemaType.String, Enum = Schemas.Values(["unsubscribed", "bounced", "complained", "manual"]) }
        ),
        ["liftSuppression.reason"] = (
            "The reason for lifting the suppression, 1 to 500 characters, stored in the audit log. Required.",
            null
        ),
        ["confirm"] = ("`true` to lift a suppression after a complaint.", new() { Type = JsonSchemaType.Boolean }),
        ["q"] = ("Only addresses that begin with this text, case-insensitive.", null),
        ["calendar"] = ("The calendar's name or id.", null),
        ["enrollMany.map"] = (
            "Assigns columns to fields: `<column>:<field>`, repeated or separated by commas, or a JSON object. A column is its name or its number as `#3`; a field is `email`, `name`, `firstName`, `lastName`, `phone`, `timeZone`, `offerId`, `startAt`, `variables.<name>`, or `-` to ignore the column.",
            null
        ),
        ["enrollMany.dryRun"] = (
            "`true` checks everything and stores nothing. The response is that of the real call.",
            new()
            {
                Type = JsonSchemaType.String,
                Enum = Schemas.Values(["true", "false"]),
                Default = JsonValue.Create("false"),
            }
        ),
        ["name"] = ("With an iCalendar file: the name of the calendar.", null),
        ["timeZone"] = (
            "With an iCalendar file: the IANA zone in which instants in UTC become days, instead of the file's zone.",
            new() { Type = JsonSchemaType.String }
        ),
        ["include"] = ("With an iCalendar file: only events whose summary or category contains one of these texts (at most 20).", null),
        ["exclude"] = ("With an iCalendar file: no events whose summary or category contains one of these texts (at most 20).", null),
        ["type"] = ("Only events of this type, such as EMAIL or paused.", null),
        ["blocked"] = ("`true` for blocked users, `false` for the others.", new() { Type = JsonSchemaType.Boolean }),
        ["listUsers.q"] = ("Only users whose subject begins with this text.", null),
        ["from"] = ("Only events at or after this instant.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
        ["getStats.from"] = ("The first day, inclusive.", new() { Type = JsonSchemaType.String, Format = "date" }),
        ["getStats.to"] = ("The day after the last day (exclusive).", new() { Type = JsonSchemaType.String, Format = "date" }),
        ["getStats.version"] = ("Only this version.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }),
        ["to"] = ("Only events before this instant.", new() { Type = JsonSchemaType.String, Format = "date-time" }),
    };

    private static readonly Dictionary<string, string> Answers = new()
    {
        ["200"] = "Success.",
        ["201"] = "Created.",
        ["202"] = "Accepted; continues in the background.",
        ["204"] = "Success, without a body.",
        ["400"] = "A field is invalid; `errors` names the field and the rule.",
        ["401"] = "The credential is missing or invalid.",
        ["403"] = "The credential does not permit this request; `code` has the reason.",
        ["404"] = "The resource does not exist or belongs to another user.",
        ["409"] = "The current state does not allow this; `code` has the reason.",
        ["412"] = "If-Match does not match.",
        ["413"] = "The body is too large.",
        ["415"] = "The content type is not supported.",
        ["429"] = "Too many requests; see Retry-After.",
        ["503"] = "The database, or with `issuerUnreachable` the token issuer, is temporarily unreachable; see Retry-After.",
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
                "Stored for 24 h: the same key with the same body gets the first response again, with another body 409.",
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
                "The ETag that was read. 412 when the sequence has changed since.",
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
            // A body without required fields is optional.
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
            content[Events.Csv].Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One line per event." };
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
                headers["Retry-After"] = Header("Seconds to wait before a retry.", JsonSchemaType.Integer);
            }

            if (status is "201" or "202")
            {
                headers["Location"] = Header("Address of the created resource.", JsonSchemaType.String);
            }

            if (status is "200" or "201" && id is "createSequence" or "getSequence" or "updateSequence")
            {
                headers["ETag"] = Header("The value for If-Match.", JsonSchemaType.String);
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
