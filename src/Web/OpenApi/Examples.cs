using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.Application.Behaviors;
using FollowUp.Application.Sandbox;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>Examples of each operation's request body and responses.</summary>
internal static class Examples
{
    private const string Step =
        """{ "id": "offer", "type": "EMAIL", "subject": "Your offer on {{ offer.address }}", "body": "<p>Hi {{ recipient.firstName | default: \"there\" }} …</p>" }""";

    private const string Sequence = $$"""
        { "id": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "name": "Offer follow-up", "description": "after an offer was sent", "enabled": true, "version": 1,
          "steps": [ {{Step}}, { "id": "3f2504e04f89", "type": "WAIT", "delayDays": 3 }, { "id": "0305e82c3301", "type": "EMAIL" } ],
          "schedule": { "timeZone": "recipient", "fallbackTimeZone": "Europe/Berlin", "days": [ "monday", "tuesday", "wednesday", "thursday", "friday" ], "from": "09:00", "to": "17:00", "holidays": "0195f1c2-be54-7172-a0af-9d0e1f203142" },
          "upgradeInsecureImages": false,
          "instanceCounts": { "ACTIVE": 2, "PAUSED": 0, "COMPLETED": 1, "FAILED": 0, "STOPPED": 0 },
          "variables": [ { "name": "offer.address", "steps": [ 0, 2 ], "hasDefault": false, "required": true } ],
          "createdAt": "2026-01-31T09:30:00Z", "updatedAt": "2026-01-31T09:30:00Z" }
        """;

    private const string Instance = """
        { "id": "0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f", "sequenceId": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "version": 1,
          "recipient": { "email": "anna@example.com", "name": "Anna Schmidt", "phone": null, "timeZone": "Europe/Berlin" },
          "variables": { "offer": { "address": "Main St 1" } }, "offerId": "offer-7", "status": "ACTIVE", "stopReason": null, "currentStep": 1,
          "nextDueAt": "2026-02-03T09:30:01.25Z", "waitingFor": [], "attempts": 0, "lastError": null, "attention": null, "enrolledAt": "2026-01-31T09:30:00Z" }
        """;

    private const string Event = """
        { "id": "0195f1c2-9c32-7f50-9e6d-7b8c9d0e1f20", "instanceId": "0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f",
          "sequenceId": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "version": 1, "stepIndex": 0, "type": "EMAIL", "status": "sent",
          "content": { "contentHash": "9f86d081884c7d65…", "provider": "sendgrid", "attemptId": "0195f1c2-9b00-7c11-8a2b-3c4d5e6f7a8b", "subject": "Your offer on Main St 1", "html": "<p>Hi Anna …</p>", "text": "Hi Anna …" },
          "sentAt": "2026-01-31T09:30:01.25Z", "hash": "2c26b46b68ffc68f…" }
        """;

    private const string Why = """
        { "instanceId": "0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f", "sequenceId": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "version": 1, "status": "ACTIVE",
          "asOf": "2026-01-31T09:30:10Z", "timeZone": "Europe/Berlin",
          "steps": [ { "index": 0, "type": "EMAIL", "version": 1, "outcome": "sent", "at": "2026-01-31T09:30:01.25Z", "reason": null, "error": null, "variant": null,
            "provider": "sendgrid", "providerMessageId": "14c5d75ce93", "tries": [ { "number": 1, "outcome": "accepted", "startedAt": "2026-01-31T09:30:01.1Z",
              "finishedAt": "2026-01-31T09:30:01.25Z", "error": null, "providerMessageId": "14c5d75ce93", "attemptId": "0195f1c2-9b00-7c11-8a2b-3c4d5e6f7a8b" } ] } ],
          "next": { "index": 1, "id": "reminder", "type": "EMAIL", "wantedAt": "2026-01-31T09:30:01.25Z", "dueAt": "2026-02-02T08:00:00Z",
            "localTime": "2026-02-02T09:00:00+01:00", "moved": [ { "reason": "weekend", "to": "2026-02-02T08:00:00Z" } ], "attempts": 0, "lastError": null, "tries": [],
            "expected": "sent", "expectedBecause": null },
          "waitingFor": { "reason": "window", "because": "weekend", "until": "2026-02-02T08:00:00Z", "node": null }, "ended": null }
        """;

    private const string Stats = """
        { "sequenceId": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "version": 1, "from": "2026-01-01", "to": null, "enrolled": 6, "completed": 3,
          "stopped": { "replied": 1, "unsubscribed": 0, "bounced": 0, "complained": 0, "goal": 0, "manual": 1 },
          "steps": [ { "version": 1, "index": 0, "type": "EMAIL", "reached": 6,
            "counts": { "sent": 5, "skipped": 0, "completed": 0, "failed": 1, "delivered": 0, "opened": 0, "clicked": 0, "bounced": 0, "complained": 0, "replied": 1, "unsubscribed": 0 },
            "medianSeconds": 0.041, "variants": [] } ] }
        """;

    private const string Counts = """{ "ACTIVE": 2, "PAUSED": 0, "COMPLETED": 1, "FAILED": 0, "STOPPED": 0 }""";

    private const string Version = $$"""
        { "version": 2, "current": true, "publishedAt": "2026-02-01T08:00:00Z",
          "steps": [ {{Step}}, { "id": "reminder", "type": "EMAIL" } ], "instanceCounts": {{Counts}} }
        """;

    private const string Stay = """
        { "moving": 0, "ending": 0, "staying": 7,
          "moves": [ { "version": 1, "from": 1, "fromId": "pause", "to": null, "toId": null, "ends": false, "reason": "stays", "instances": 7 } ] }
        """;

    private const string Move = """
        { "moving": 7, "ending": 0, "staying": 0,
          "moves": [ { "version": 1, "from": 1, "fromId": "pause", "to": 1, "toId": "reminder", "ends": false, "reason": "nextSurviving", "instances": 7 } ] }
        """;

    private const string Plan = $$"""
        { "version": 2, "publishes": true,
          "changes": [ { "id": "offer", "type": "EMAIL", "change": "edited", "from": 0, "to": 0, "fields": [ "subject" ] },
                       { "id": "reminder", "type": "EMAIL", "change": "unchanged", "from": 2, "to": 1, "fields": [] },
                       { "id": "pause", "type": "WAIT", "change": "removed", "from": 1, "to": null, "fields": [] } ],
          "running": [ { "version": 1, "step": 1, "stepId": "pause", "type": "WAIT", "active": 6, "paused": 1, "failed": 0, "beingSent": 0 } ],
          "stay": {{Stay}}, "content": {{Stay}}, "map": {{Move}} }
        """;

    private const string Migration = """
        { "id": "0195f1c2-be54-7172-9080-9dafbec0d1e2", "sequenceId": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "version": 2, "policy": "map",
          "map": { "pause": "reminder" }, "state": "running", "total": 7, "moved": 4, "ended": 0, "stayed": 0, "inDoubt": 0, "failed": 0, "waiting": 1,
          "lastError": null, "createdAt": "2026-02-01T08:05:00Z", "updatedAt": "2026-02-01T08:05:01Z", "completedAt": null }
        """;

    private const string User = """
        { "id": "0195f1c2-0000-7d3e-9c4b-5f6a7b8c9d0e", "issuer": "https://login.example.com/", "subject": "user-1", "createdAt": "2026-01-31T09:30:00Z",
          "blockedAt": "2026-02-01T08:00:00Z", "blockedBy": "0195f1c2-0001-7d3e-9c4b-5f6a7b8c9d0e" }
        """;

    private const string Key =
        """{ "id": "0195f1c2-ad43-7061-8f7e-8c9d0e1f2031", "name": "CRM", "readOnly": false, "kind": "live", "hint": "fu_Zk3x9", "createdAt": "2026-01-31T09:30:00Z", "expiresAt": "2027-01-31T00:00:00Z", "lastUsedAt": null }""";

    private const string SandboxMessage = """
        { "id": "0195f1c2-cf65-7283-9191-aebfcad1e2f3", "at": "2026-02-03T09:30:00Z", "channel": "EMAIL", "from": "sales@example.com",
          "to": "anna@example.com", "toName": "Anna Schmidt", "subject": "Your offer on Main St 1", "html": "<p>Hi Anna …</p>", "text": "Hi Anna …",
          "headers": { "Date": "Tue, 03 Feb 2026 09:30:00 +0000", "Message-Id": "<0195f1c2-da76-7394-a2a2-bfd0dbe2f304@example.com>" },
          "instanceId": "0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f", "sequenceId": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "version": 1, "stepIndex": 2 }
        """;

    private const string Calendar = """
        { "id": "0195f1c2-be54-7172-a0af-9d0e1f203142", "name": "Feiertage", "dates": [ "2026-04-03", "2026-04-06", "2026-05-01" ],
          "days": [ { "date": "2026-04-03", "name": "Karfreitag" }, { "date": "2026-04-06", "name": "Ostermontag" }, { "date": "2026-05-01", "name": null } ],
          "createdAt": "2026-01-31T09:30:00Z", "updatedAt": "2026-01-31T09:30:00Z",
          "warnings": [ { "field": "dates", "code": "lastDateSoon", "message": "The last date of the calendar is 2026-05-01: after it, sequences that use it send on every day." } ] }
        """;

    private const string Operation = """
        { "id": "0195f1c2-db76-7384-a1b2-c3d4e5f60718", "kind": "instanceAction", "state": "running", "targetId": null, "total": 12000, "done": 3400,
          "refused": 12, "refusedBy": [ { "code": "invalidTransition", "count": 12 } ], "errors": 0, "lastError": null,
          "createdAt": "2026-02-02T08:00:00Z", "finishedAt": null, "actor": { "kind": "user", "id": "0195f1c2-0000-7d3e-9c4b-5f6a7b8c9d0e" } }
        """;

    private const string Suppression = """
        { "id": "0195f1c2-e098-74a5-b3b3-c0e1f2031425", "channel": "EMAIL", "address": "kim@example.org", "reason": "unsubscribed",
          "createdAt": "2026-01-31T09:30:00Z", "source": "link" }
        """;

    private const string Limits = """
        { "timeZone": "Europe/Berlin", "mailsPerDay": 500, "minGap": "PT30S", "ramp": { "start": 50, "perDay": 25, "since": "2026-01-31" },
          "perRecipientPerDay": 2, "today": { "date": "2026-02-02", "mails": 12, "most": 100 } }
        """;

    private const string PreviewBody = """
        { "recipient": { "email": "anna@example.com", "name": "Anna Schmidt", "timeZone": "Europe/Berlin" },
          "variables": { "offer": { "address": "Main St 1" } }, "startAt": "2026-02-02T08:00:00Z", "assume": { "pauses": [ { "step": 1, "for": "P1D" } ] } }
        """;

    private const string Preview = """
        { "startAt": "2026-02-02T08:00:00Z", "timeZone": "Europe/Berlin", "completedAt": "2026-02-06T08:00:00Z",
          "steps": [
            { "index": 0, "type": "EMAIL", "at": "2026-02-02T08:00:00Z", "localTime": "2026-02-02T09:00:00+01:00", "moved": [], "outcome": "sent",
              "skippedBecause": null, "variant": null, "subject": "Your offer on Main St 1", "html": "<p>Hi Anna …</p>", "text": "Hi Anna …", "isReply": false, "missing": [],
              "removed": [ { "what": "onclick", "where": "line 3, <a>", "why": "runs code" } ] },
            { "index": 1, "type": "WAIT", "at": "2026-02-06T08:00:00Z", "localTime": "2026-02-06T09:00:00+01:00",
              "moved": [ { "reason": "paused", "to": "2026-02-06T08:00:00Z" } ], "outcome": "completed", "skippedBecause": null, "variant": null, "subject": null, "html": null,
              "text": null, "isReply": false, "missing": [], "removed": [] } ] }
        """;

    private static readonly Dictionary<string, (string? Body, string? Answer)> ByOperation = new()
    {
        ["listSequences"] = (null, Page(Sequence)),
        ["createSequence"] = (
            $$"""{ "name": "Offer follow-up", "description": "after an offer was sent", "enabled": true, "steps": [ {{Step}}, { "type": "WAIT", "delayDays": 3 }, { "type": "EMAIL" } ] }""",
            Sequence
        ),
        ["getSequence"] = (null, Sequence.TrimEnd()[..^1] + $", \"instances\": {Page(Instance)} }}"),
        ["getStats"] = (null, Stats),
        ["updateSequence"] = ("""{ "enabled": false }""", Sequence),
        ["deleteSequence"] = (null, null),
        ["previewSequence"] = (PreviewBody, Preview),
        ["previewSteps"] = ($$"""{ "steps": [ {{Step}}, { "type": "WAIT", "delayDays": 3 } ], {{PreviewBody.Trim()[1..]}}""", Preview),
        ["sendTestMail"] = (
            """{ "to": "me@example.com", "step": 0, "variables": { "offer": { "address": "Main St 1" } } }""",
            """{ "outcome": "accepted", "provider": "sendgrid", "subject": "[Test] Your offer on Main St 1", "error": null }"""
        ),
        ["pauseOrResumeInstance"] = ("""{ "action": "pause", "scheduledId": "0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f" }""", Instance),
        ["listVersions"] = (
            null,
            Page(
                $$"""{ "version": 2, "current": true, "publishedAt": "2026-02-01T08:00:00Z", "stepCount": 2, "instanceCounts": {{Counts}} }"""
            )
        ),
        ["getVersion"] = (null, Version),
        ["planVersion"] = ($$"""{ "steps": [ {{Step}}, { "id": "reminder", "type": "EMAIL" } ], "map": { "pause": "reminder" } }""", Plan),
        ["migrateVersion"] = ("""{ "policy": "map", "map": { "pause": "reminder" } }""", Migration),
        ["listMigrations"] = (null, Page(Migration)),
        ["getMigration"] = (null, Migration),
        ["stopMigration"] = (null, Migration),
        ["continueMigration"] = (null, Migration),
        ["enroll"] = (
            """{ "recipient": { "email": "anna@example.com", "name": "Anna Schmidt" }, "variables": { "offer": { "address": "Main St 1" } }, "offerId": "offer-7" }""",
            Instance
        ),
        ["enrollMany"] = (
            null,
            """{ "total": 3, "enrolled": 2, "rejected": 1, "errors": [ { "line": 3, "code": "invalid", "message": "recipient.email must be a mail address, alone and on one line (column email)" } ], "columns": [ { "column": "email", "field": "recipient.email" }, { "column": "name", "field": "recipient.name" }, { "column": "offer.address", "field": "variables.offer.address" } ] }"""
        ),
        ["listInstances"] = (null, Page(Instance)),
        ["getInstance"] = (null, Instance),
        ["getWhy"] = (null, Why),
        ["getTimeline"] = (null, Page(Event)),
        ["verifyTimeline"] = (
            null,
            """{ "events": 4, "intact": true, "checkpoint": "valid", "messages": 1, "erasedMessages": 0, "findings": [] }"""
        ),
        ["pauseInstance"] = (null, Instance),
        ["resumeInstance"] = ("""{ "timing": "shift" }""", Instance),
        ["stopInstance"] = ("""{ "reason": "replied" }""", Instance),
        ["retryStep"] = (null, Instance),
        ["skipStep"] = (null, Instance),
        ["resolveStep"] = ("""{ "outcome": "sent" }""", Instance),
        ["actOnInstances"] = (
            """{ "action": "pause", "filter": { "sequenceId": "0195f1c2-7a10-7d3e-9c4b-5f6a7b8c9d0e", "status": "ACTIVE" } }""",
            Operation
        ),
        ["listOperations"] = (null, Page(Operation)),
        ["getOperation"] = (null, Operation),
        ["cancelOperation"] = (null, Operation),
        ["listEvents"] = (null, Page(Event)),
        ["listSuppressions"] = (null, Page(Suppression)),
        ["addSuppression"] = ("""{ "channel": "EMAIL", "address": "kim@example.org", "reason": "unsubscribed" }""", Suppression),
        ["addManySuppressions"] = (
            null,
            """{ "total": 3, "added": 1, "existing": 1, "rejected": 1, "errors": [ { "line": 4, "code": "invalid", "message": "email must be a mail address, alone and on one line" } ] }"""
        ),
        ["liftSuppression"] = (null, null),
        ["listCalendars"] = (null, Page(Calendar)),
        ["createCalendar"] = ("""{ "name": "Feiertage", "dates": [ "2026-04-03", "2026-04-06", "2026-05-01" ] }""", Calendar),
        ["getCalendar"] = (null, Calendar),
        ["updateCalendar"] = (
            """{ "days": [ { "date": "2026-04-03", "name": "Karfreitag" }, { "date": "2026-04-06", "name": "Ostermontag" }, { "date": "2026-05-01" } ] }""",
            Calendar
        ),
        ["deleteCalendar"] = (null, null),
        ["getLimits"] = (null, Limits),
        ["setLimits"] = (
            """{ "timeZone": "Europe/Berlin", "mailsPerDay": 500, "minGap": "PT30S", "ramp": { "start": 50, "perDay": 25 }, "perRecipientPerDay": 2 }""",
            Limits
        ),
        ["getMe"] = (
            null,
            """{ "id": "0195f1c2-0000-7d3e-9c4b-5f6a7b8c9d0e", "issuer": "https://login.example.com/", "subject": "user-1", "credential": "token", "readOnly": false, "kind": "live", "createdAt": "2026-01-31T09:30:00Z", "operator": false, "permissions": [ "read", "write", "manageKeys" ] }"""
        ),
        ["listKeys"] = (null, Page(Key)),
        ["createKey"] = (
            """{ "name": "CRM", "readOnly": false, "kind": "live", "expiresAt": "2027-01-31T00:00:00Z" }""",
            Key.TrimEnd()[..^1] + """, "key": "fu_Zk3x9…" }"""
        ),
        ["revokeKey"] = (null, null),
        ["listUsers"] = (null, Page(User)),
        ["blockUser"] = (null, User),
        ["unblockUser"] = (null, User),
        ["getSandboxClock"] = (
            null,
            """{ "now": "2026-02-14T09:30:00Z", "nextDueAt": "2026-02-17T09:30:00Z", "startedAt": "2026-01-31T09:30:00Z" }"""
        ),
        ["moveSandboxClock"] = (
            """{ "advance": "P14D" }""",
            """{ "now": "2026-02-14T09:30:00Z", "target": "2026-02-14T09:30:00Z", "done": true, "steps": 5, "nextDueAt": null }"""
        ),
        ["listSandboxMessages"] = (null, Page(SandboxMessage)),
        ["emptySandbox"] = (null, null),
        ["createDevToken"] = ("""{ "subject": "alice" }""", """{ "token": "eyJhbGciOi…", "expiresAt": "2026-01-31T21:30:00Z" }"""),
    };

    /// <summary>Adds the examples to an operation.</summary>
    public static void AddTo(OpenApiOperation operation)
    {
        var (body, answer) = ByOperation.GetValueOrDefault(operation.OperationId ?? "");
        if (body is not null && operation.RequestBody?.Content.Find("application/json") is { } request)
        {
            request.Example = JsonNode.Parse(body);
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (operation.OperationId == "actOnInstances" && status == "200" && response.Content.Find("application/json") is { } counts)
            {
                counts.Example = JsonNode.Parse(
                    """{ "matching": 12000, "allowed": 11988, "refused": [ { "code": "invalidTransition", "count": 12 } ] }"""
                );
            }
            else if (answer is not null && status is "200" or "201" or "202" && response.Content.Find("application/json") is { } ok)
            {
                ok.Example = JsonNode.Parse(answer!);
            }

            if (response.Content.Find("application/problem+json") is { } problem)
            {
                problem.Example = Problem(operation.OperationId, int.Parse(status, CultureInfo.InvariantCulture));
            }
        }

        if (operation.RequestBody?.Content.Find(Endpoints.Scheduling.Ics) is { } ics)
        {
            ics.Example = JsonValue.Create(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            );
            ics.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "An iCalendar file (RFC 5545)." };
        }

        (string Csv, string Ndjson)? list = operation.OperationId switch
        {
            "enrollMany" => (
                "email,name,offer.address\r\nanna@example.com,Anna Schmidt,Main St 1\r\n",
                """{"recipient":{"email":"anna@example.com"}}"""
            ),
            "addManySuppressions" => (
                "email,reason\r\nkim@example.org,unsubscribed\r\n",
                """{"channel":"EMAIL","address":"kim@example.org","reason":"unsubscribed"}"""
            ),
            _ => null,
        };
        if (list is { } rows && operation.RequestBody?.Content is { } bulk)
        {
            if (bulk.Find("text/csv") is { } csv)
            {
                csv.Example = JsonValue.Create(rows.Csv);
            }

            if (bulk.Find("application/x-ndjson") is { } ndjson)
            {
                ndjson.Example = JsonValue.Create(rows.Ndjson + "\n");
            }
        }
    }

    /// <summary>The problem in the form in which the API returns it.</summary>
    private static JsonNode Problem(string? operation, int status)
    {
        var refusal = operation switch
        {
            "sendTestMail" => InstanceErrors.Suppressed,
            "enroll" => InstanceErrors.AlreadyEnrolled(new InstanceId(Guid.Parse("0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f"))),
            "enrollMany" => SequenceErrors.Disabled,
            "migrateVersion" or "continueMigration" => MigrationErrors.Running(
                new MigrationId(Guid.Parse("0195f1c2-be54-7172-9080-9dafbec0d1e2"))
            ),
            "stopMigration" => MigrationErrors.InvalidTransition(MigrationState.Completed, MigrationState.Stopped),
            "deleteCalendar" => CalendarErrors.InUse("Offer follow-up"),
            "updateCalendar" => CalendarErrors.NameTaken,
            "actOnInstances" => OperationErrors.TooMany(20),
            "cancelOperation" => OperationErrors.NotCancellable(OperationKind.DeleteSequence),
            "moveSandboxClock" or "emptySandbox" => SandboxErrors.Busy,
            "createSequence" or "createKey" or "createCalendar" => IdempotencyErrors.KeyReused,
            _ => InstanceErrors.InvalidTransition(InstanceStatus.Completed, InstanceStatus.Paused),
        };
        var problem = status switch
        {
            400 => Problems.Invalid("steps[2].delay", "must not be given together with delayDays"),
            403 when operation?.Contains("Sandbox", StringComparison.Ordinal) == true => Problems.Of(
                403,
                "This requires an API key of kind sandbox. Create one with POST /api/keys.",
                "sandboxKeyRequired"
            ),
            403 => Problems.Of(403, "The API key is read-only.", "readOnlyKey"),
            409 => Problems.From(refusal),
            412 => Problems.From(SequenceErrors.Stale),
            _ => Problems.Of(status),
        };
        problem.Details.Extensions["traceId"] = "00-5f6a7b8c9d0e1f2031425364758697a8-b9cadbecfd0e1f20-00";
        return JsonSerializer.SerializeToNode(problem.Details, Json.Options)!;
    }

    /// <summary>The value of a key, or null, in a dictionary that may be null.</summary>
    internal static TValue? Find<TValue>(this IDictionary<string, TValue>? dictionary, string key)
        where TValue : class => dictionary is not null && dictionary.TryGetValue(key, out var value) ? value : null;

    private static string Page(string item) => $$"""{ "items": [ {{item}} ], "nextCursor": null }""";
}
