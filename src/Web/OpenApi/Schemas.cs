using System.Text.Json.Nodes;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>Adds to the schemas what the types do not declare: required fields, enum values, lengths, and the union of step types.</summary>
internal static class Schemas
{
    public static readonly string[] InstanceStatuses = [.. Enum.GetNames<InstanceStatus>().Select(name => name.ToUpperInvariant())];
    public static readonly string[] Attentions = Words<Attention>();
    public static readonly string[] StopReasons = Words<StopReason>();

    /// <summary>Required fields of request bodies. Unknown fields are refused.</summary>
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["CreateSequence"] = ["name", "steps"],
        ["SequenceChange"] = [],
        ["PlanRequest"] = ["steps"],
        ["MigrateRequest"] = ["policy"],
        ["InstanceAction"] = ["action", "scheduledId"],
        ["Schedule"] = ["timeZone"],
        ["CalendarInput"] = [],
        ["SuppressionInput"] = [],
        ["CalendarDayInput"] = ["date"],
        ["SetLimits"] = [],
        ["Ramp"] = ["start", "perDay"],
        ["Enrolment"] = ["recipient"],
        ["RecipientInput"] = ["email"],
        ["PreviewInput"] = ["recipient"],
        ["PreviewSteps"] = ["steps", "recipient"],
        ["PreviewAssumptions"] = [],
        ["PauseAssumption"] = ["step", "for"],
        ["TestMailInput"] = ["to", "step"],
        ["EmailVariant"] = ["name", "weight"],
        ["ResumeRequest"] = [],
        ["StopRequest"] = ["reason"],
        ["ResolveRequest"] = ["outcome"],
        ["InstanceActionInput"] = ["action"],
        ["InstanceFilter"] = [],
        ["CreateApiKey"] = ["name"],
        ["MoveSandboxClock"] = [],
        ["DevTokenRequest"] = ["subject"],
    };

    private static readonly Dictionary<string, string[]> Enums = new()
    {
        ["InstanceAction.action"] = ["pause", "resume"],
        ["ResumeRequest.timing"] = Words<ResumeTiming>(),
        ["StopRequest.reason"] = Words<StopReason>(),
        ["ResolveRequest.outcome"] = Words<Resolution>(),
        ["InstanceActionInput.action"] = Words<InstanceActionKind>(),
        ["InstanceActionInput.timing"] = Words<ResumeTiming>(),
        ["InstanceActionInput.reason"] = Words<StopReason>(),
        ["InstanceActionInput.outcome"] = Words<Resolution>(),
        ["InstanceFilter.status"] = InstanceStatuses,
        ["InstanceFilter.attention"] = ["true", "false", .. Attentions],
        ["InstanceFilter.stopReason"] = Words<StopReason>(),
        ["MigrateRequest.policy"] = Words<MigrationPolicy>(),
        ["Migration.policy"] = Words<MigrationPolicy>(),
        ["Migration.state"] = Words<MigrationState>(),
        ["StepChange.change"] = Words<StepChangeKind>(),
        ["Move.reason"] = [.. Words<StepMoveReason>(), "inDoubt"],
        ["Operation.kind"] = Words<OperationKind>(),
        ["Operation.state"] = Words<OperationState>(),
        ["Actor.kind"] = Words<ActorKind>(),
        ["Instance.status"] = InstanceStatuses,
        ["Instance.stopReason"] = Words<StopReason>(),
        ["Instance.attention"] = Attentions,
        ["FollowUpEvent.status"] = ["sent", "skipped", "completed", "failed"],
        ["Why.status"] = InstanceStatuses,
        ["Wait.reason"] = ["time", "window", "cap", "breaker", "pace", "turn", "lease", "person", "nothing"],
        ["PastStep.outcome"] = ["sent", "skipped", "completed", "failed"],
        ["Try.outcome"] = Words<AttemptStatus>(),
        ["End.type"] = ["completed", "stopped"],
        ["WaitingFor.reason"] = Words<MoveReason>(),
        ["Moved.reason"] = [.. Words<MoveReason>(), "paused", "retry"],
        ["PreviewStep.outcome"] = ["sent", "skipped", "completed", "failed"],
        ["TestMail.outcome"] = ["accepted", "rejected", "retryable", "inDoubt"],
        ["Me.credential"] = ["token", "apiKey"],
        ["Me.kind"] = Words<ApiKeyKind>(),
        ["ApiKey.kind"] = Words<ApiKeyKind>(),
        ["CreateApiKey.kind"] = Words<ApiKeyKind>(),
        ["SandboxMessage.channel"] = ["EMAIL", "SMS"],
        ["BulkError.code"] =
        [
            "malformed",
            "invalid",
            "alreadyEnrolled",
            "suppressed",
            "sequenceDisabled",
            "tooManyRows",
            "tooLarge",
            "tooSlow",
            "tooManyBlankLines",
        ],
        ["BulkWarning.code"] = ["missingVariable", "cannotRender", "textAsCondition", "phoneIgnored", "optedOut", "notChecked"],
        ["EnrolmentWarning.code"] = ["missingVariable", "cannotRender", "textAsCondition", "phoneIgnored"],
        ["Suppression.channel"] = ["EMAIL", "SMS"],
        ["Suppression.reason"] = ["unsubscribed", "bounced", "complained", "manual"],
        ["Suppression.source"] = ["link", "user", "import", "provider"],
        ["SuppressionInput.channel"] = ["EMAIL", "SMS"],
        ["SuppressionInput.reason"] = ["unsubscribed", "bounced", "complained", "manual"],
    };

    public static void Complete(OpenApiDocument document)
    {
        var schemas = document.Components?.Schemas;
        foreach (var (name, required) in Required)
        {
            if (schemas.Find(name) is OpenApiSchema schema)
            {
                Require(schema, required);
                schema.AdditionalPropertiesAllowed = false;
            }
        }

        foreach (var (path, words) in Enums)
        {
            if (Field(document, path) is { } field)
            {
                var isNullable = field.Type!.Value.HasFlag(JsonSchemaType.Null);
                field.Enum = isNullable ? [.. Values(words), JsonNullSentinel.JsonNull] : Values(words);
            }
        }

        foreach (var request in (string[])["PlanRequest", "MigrateRequest"])
        {
            if (Field(document, $"{request}.map") is { AdditionalProperties: OpenApiSchema target })
            {
                target.Type |= JsonSchemaType.Null;
            }
        }

        Describe(document);
        if (schemas.Find("Step") is OpenApiSchema step)
        {
            Split(step, document);
        }

        if (schemas.Find("Problem") is OpenApiSchema problem)
        {
            DescribeProblem(problem);
        }
    }

    public static List<JsonNode> Values(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)JsonValue.Create(word)!)];

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static OpenApiSchema? Field(OpenApiDocument document, string path)
    {
        var parts = path.Split('.');
        return (document.Components?.Schemas.Find(parts[0]) as OpenApiSchema)?.Properties.Find(parts[1]) as OpenApiSchema;
    }

    private static void Require(OpenApiSchema schema, IEnumerable<string> fields)
    {
        schema.Required = fields.ToHashSet();
        foreach (var name in schema.Required)
        {
            switch (schema.Properties![name])
            {
                case OpenApiSchema { OneOf: [_, { } value] }:
                    schema.Properties[name] = value;
                    break;
                case OpenApiSchema own:
                    own.Type &= ~JsonSchemaType.Null;
                    break;
            }
        }
    }

    private static void Describe(OpenApiDocument document)
    {
        if (Field(document, "PlanRequest.steps") is not null)
        {
            ((OpenApiSchema)document.Components!.Schemas!["PlanRequest"]).Properties!["steps"] = StepsOf(document);
        }

        foreach (var path in new[] { "CreateSequence", "SequenceChange" })
        {
            if (document.Components?.Schemas.Find(path) is not OpenApiSchema { Properties: { } fields })
            {
                continue;
            }

            fields["name"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = Sequence.LongestName,
                Description = "The name of the sequence.",
            };
            fields["description"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String | JsonSchemaType.Null,
                MaxLength = Sequence.LongestDescription,
                Description = "The purpose of the sequence.",
            };
            fields["enabled"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Boolean,
                Description = "Whether the sequence accepts enrolments and sends. Default for a new sequence: true.",
            };
            fields["upgradeInsecureImages"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Boolean,
                Description =
                    "Whether `http:` addresses of images become `https:` in its mails, also for running instances at once. Default for a new sequence: false.",
            };
            fields["steps"] = StepsOf(document);
        }

        if (document.Components?.Schemas.Find("PreviewInput") is OpenApiSchema { Properties: { } previewed })
        {
            previewed["steps"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array | JsonSchemaType.Null,
                MinItems = 1,
                MaxItems = Sequence.MostSteps,
                Items = new OpenApiSchemaReference("Step", document),
                Description = "Steps to preview instead of the saved ones, with the sequence's name and schedule.",
            };
        }

        if (document.Components?.Schemas.Find("PreviewSteps") is OpenApiSchema { Properties: { } unsaved })
        {
            unsaved["steps"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MinItems = 1,
                MaxItems = Sequence.MostSteps,
                Items = new OpenApiSchemaReference("Step", document),
                Description = "The steps, in order.",
            };
        }

        if (document.Components?.Schemas.Find("SequenceDetail") is OpenApiSchema { Properties: { } detail } sequence)
        {
            sequence.Required = detail.Keys.ToHashSet();
        }

        if (Field(document, "RecipientInput.email") is { } email)
        {
            // Not format email: "Kim Berg <kim@example.org>" and mailto: links are accepted as well.
            email.MaxLength = EmailInput.Longest;
        }

        if (Field(document, "InstanceAction.scheduledId") is { } scheduled)
        {
            (scheduled.Format, scheduled.Description) = ("uuid", "The instance's id.");
        }

        foreach (
            var (type, text) in new[]
            {
                ("Enrolment", "Values for templates: `variables.*`, and `offer.*` from the member `offer`."),
                ("Instance", "Values for templates besides the recipient."),
                ("PreviewInput", "Values for templates."),
                ("PreviewSteps", "Values for templates."),
                ("TestMailInput", "Values for templates."),
            }
        )
        {
            if (document.Components?.Schemas.Find(type) is OpenApiSchema { Properties: { } fields })
            {
                fields["variables"] = new OpenApiSchema
                {
                    Type = type == "Instance" ? JsonSchemaType.Object : JsonSchemaType.Object | JsonSchemaType.Null,
                    Description = text,
                };
            }
        }
    }

    private static OpenApiSchema StepsOf(OpenApiDocument document) =>
        new()
        {
            Type = JsonSchemaType.Array,
            MinItems = 1,
            MaxItems = Sequence.MostSteps,
            Items = new OpenApiSchemaReference("Step", document),
            Description = "The steps, in order.",
        };

    /// <summary>A step is a union of three types with a discriminator.</summary>
    private static void Split(OpenApiSchema step, OpenApiDocument document)
    {
        var fields = step.Properties!;
        if (fields["id"] is OpenApiSchema id)
        {
            (id.MinLength, id.MaxLength, id.Pattern) = (1, StepIds.Longest, "^[A-Za-z0-9_-]+$");
        }

        var kinds = new[]
        {
            Kind(
                "EmailStep",
                "EMAIL",
                "Sends a mail. Without subject and body: the default follow-up for that position. With a body only: a reply to the first mail.",
                "subject",
                "body",
                "thread",
                "variants",
                "at"
            ),
            Kind("SmsStep", "SMS", "Sends a text message.", "message", "at"),
            Kind(
                "WaitStep",
                "WAIT",
                "Waits. Exactly one of delayDays, delayBusinessDays and delay is required.",
                "delayDays",
                "delayBusinessDays",
                "delay"
            ),
        };
        step.Description = "A step. Its type determines its fields.";
        (step.Type, step.Properties, step.Required) = (null, null, null);
        step.OneOf = [.. kinds.Select(kind => (IOpenApiSchema)kind.Reference)];
        step.Discriminator = new OpenApiDiscriminator
        {
            PropertyName = "type",
            Mapping = kinds.ToDictionary(kind => kind.Word, kind => kind.Reference),
        };

        (string Word, OpenApiSchemaReference Reference) Kind(string name, string word, string description, params string[] own)
        {
            var kind = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = description,
                Required = new HashSet<string>(["type"]),
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["id"] = fields["id"],
                    ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Values([word]) },
                },
                AdditionalPropertiesAllowed = false,
            };
            foreach (var field in own)
            {
                kind.Properties[field] = fields[field];
            }

            switch (word)
            {
                case "SMS":
                    Require(kind, ["type", "message"]);
                    break;
                case "WAIT":
                    // The type, exactly one delay, and optionally the id.
                    (kind.MinProperties, kind.MaxProperties) = (2, 3);
                    Require(kind, ["type"]);
                    foreach (var field in own.Select(field => (OpenApiSchema)fields[field]))
                    {
                        field.Type &= ~JsonSchemaType.Null;
                        (field.Minimum, field.Maximum, field.Format) =
                            field.Type == JsonSchemaType.Number ? ("0", "365", "double")
                            : field.Type == JsonSchemaType.Integer ? ("0", "260", "int32")
                            : (null, null, "duration");
                    }

                    break;
            }

            document.AddComponent(name, kind);
            return (word, new OpenApiSchemaReference(name, document));
        }
    }

    private static void DescribeProblem(OpenApiSchema problem)
    {
        problem.Description = "An error (RFC 9457).";
        var fields = problem.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("`urn:followup:problem:` followed by the code."),
            ["title"] = Text("The kind of problem."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = Text("A sentence for people."),
            ["code"] = Text("A code for programs, such as `validation`, `notFound` or `alreadyEnrolled`."),
            ["traceId"] = Text("The id of the request in the log."),
        };
        problem.Required = fields.Keys.ToHashSet();
        fields["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "With `validation`: for each invalid field, such as `steps[2].delay`, the violated rules.",
            AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };
        fields["id"] = Text("With `alreadyEnrolled`: the existing instance. With `migrationRunning`: the running migration.");
        fields["currentVersion"] = Text("With `versionNotCurrent`: the number of the current version.");
        fields["from"] = Text("With `invalidTransition`: the instance's status, or the migration's state.");
        fields["to"] = Text("With `invalidTransition`: the requested status.");

        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
    }
}
