using System.Text.Json.Nodes;
using FollowUp.Application;
using FollowUp.Application.Accounts;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Web.Endpoints;
using FollowUp.Web.Http;
using FollowUp.Web.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace FollowUp.Web.OpenApi;

/// <summary>The API's description: OpenAPI 3.1 at <c>/openapi/v1.json</c>, an interactive page at <c>/docs</c>.</summary>
internal static class Description
{
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";

    private static readonly Dictionary<string, string> ErrorTexts = new()
    {
        ["400"] = "A field is wrong; `errors` names it and the rule.",
        ["401"] = "No valid credential.",
        ["403"] = "The API key is read-only.",
        ["404"] = "There is no such thing, or it is somebody else's.",
        ["409"] = "The present state does not allow it; `code` says why.",
        ["412"] = "If-Match does not match.",
        ["413"] = "The body is too large.",
        ["415"] = "The content type is not supported.",
        ["429"] = "Too many requests; see Retry-After.",
    };

    public static void AddFollowUpOpenApi(this IServiceCollection services) =>
        services
            .ConfigureHttpJsonOptions(json => Json.Describe(json.SerializerOptions))
            .AddOpenApi(
                "v1",
                options =>
                {
                    options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                    options.AddDocumentTransformer((document, _, _) => Introduce(document));
                    options.AddOperationTransformer((operation, context, _) => Complete(operation, context));
                    options.AddSchemaTransformer((schema, context, _) => Describe(schema, context));
                }
            );

    public static void MapFollowUpOpenApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs", options => options.WithTitle("FollowUp API").WithOpenApiRoutePattern("/openapi/v1.json"))
            .AllowAnonymous();
    }

    private static Task Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FollowUp",
            Version = "1",
            Summary = "Follow-up sequences: write one, enrol people, and every step is carried out once, when it is due.",
            Description =
                "Instants are UTC in ISO 8601 with `Z`. Errors are problem details (RFC 9457) with a `code`. What belongs to somebody else is answered as if it did not exist. Lists are pages: pass `nextCursor` as `cursor`.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            Contact = new OpenApiContact { Name = "FollowUp contributors" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This server" }];
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Sequences", Description = "The templates: steps in order, published in versions." },
            new() { Name = "Instances", Description = "People going through sequences." },
            new() { Name = "Events", Description = "The log: insert-only, hash-chained." },
            new() { Name = "Accounts", Description = "Who is asking, and API keys." },
            new() { Name = "Development", Description = "For trying things out; absent in production." },
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A token of the configured OpenID Connect issuer.",
            },
            [ApiKey] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Api-Key",
                Description = "A key made with `POST /api/keys`.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security =
            [
                new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
                new() { [new OpenApiSecuritySchemeReference(ApiKey, context.Document)] = [] },
            ];
        }

        if (metadata.OfType<TakesIdempotencyKey>().Any())
        {
            Add(
                operation,
                "Idempotency-Key",
                "Kept for 24 h: the same key and body get the first answer again; the same key and another body get 409."
            );
        }

        operation.Description = Details.GetValueOrDefault(operation.OperationId ?? "") ?? $"{operation.Summary}.";
        if (operation.OperationId == "createDevToken")
        {
            operation.Security =
            [
                [],
            ];
        }

        if (operation.OperationId is "updateSequence" or "deleteSequence")
        {
            Add(operation, "If-Match", "The ETag that was read: the call fails with 412 when the sequence has changed since.");
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (ErrorTexts.TryGetValue(status, out var text))
            {
                response.Description = text;
            }
            else if (status is "200" or "201")
            {
                response.Description = status == "201" ? "Created." : "Done.";
            }
            else if (status == "204")
            {
                response.Description = "Done; there is nothing to show.";
            }
        }

        foreach (var parameter in operation.Parameters ?? [])
        {
            parameter.Description ??= Parameters.GetValueOrDefault(parameter.Name ?? "");
        }

        Examples.AddTo(operation);
        return Task.CompletedTask;
    }

    private static readonly Dictionary<string, string> Details = new()
    {
        ["enroll"] =
            "409 with `alreadyEnrolled` (and the `id` in the way) when the recipient is ACTIVE or PAUSED in the sequence, `suppressed` when the address must get nothing more, `sequenceDisabled` when the sequence takes no enrolments.",
        ["enrollMany"] =
            "Up to 1,000,000 rows, read as a stream. A CSV needs a header with `email`; `name`, `phone`, `timeZone`, `offerId` and `startAt` are known, every other column becomes a variable, nested at dots. NDJSON has the body of the single call on each line. Good rows go in whatever becomes of the others; at most 1,000 errors are listed.",
        ["pauseOrResumeInstance"] = "The instance, `scheduledId`, must belong to this sequence.",
        ["resumeInstance"] =
            "`shift` (default): what remained of the wait when it was paused remains. `keep`: the original instant; what is overdue is due now. `restart`: the full delay anew.",
        ["stopInstance"] =
            "`unsubscribed`, `complained` and `bounced` suppress the address too: the person's other instances end as their next mails come due.",
        ["retryStep"] = "For FAILED instances; 409 `invalidTransition` names both statuses otherwise.",
        ["skipStep"] = "For FAILED instances; 409 `invalidTransition` names both statuses otherwise.",
        ["resolveStep"] = "`sent`: the message went out, go on with the next step. `resend`: send it again.",
        ["updateSequence"] = "A PUT with the same steps makes no new version. Running instances stay on theirs.",
        ["listEvents"] = "`Accept: application/x-ndjson` or `text/csv` streams the whole log without pages.",
    };

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["id"] = "The id.",
        ["limit"] = "The most rows a page, 1 to 200; 50 when absent.",
        ["cursor"] = "Where the page begins: the `nextCursor` of the page before.",
        ["status"] = "ACTIVE, PAUSED, COMPLETED, FAILED or STOPPED.",
        ["email"] = "The recipient's address, whatever its case.",
        ["attention"] = "`true` for those that wait for a person, `false` for the others, or a reason: failed, inDoubt, late.",
        ["sequenceId"] = "Only instances of this sequence.",
        ["type"] = "Only events of this type, such as EMAIL or paused.",
        ["from"] = "Only events at or after this instant.",
        ["to"] = "Only events before this instant.",
    };

    private static void Add(OpenApiOperation operation, string header, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(
            new OpenApiParameter
            {
                Name = header,
                In = ParameterLocation.Header,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
            }
        );
    }

    /// <summary>What the types alone do not say: which fields of a body must be given, and which words they take.</summary>
    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = context.JsonTypeInfo.Type;
        if (Required.TryGetValue(type, out var required))
        {
            schema.Required = required.ToHashSet();
        }

        foreach (var (field, words) in Words.GetValueOrDefault(type) ?? [])
        {
            if (schema.Properties.Find(field) is OpenApiSchema property)
            {
                property.Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word)!)];
                property.Type = JsonSchemaType.String;
            }
        }

        if (type == typeof(ProblemDetails))
        {
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
            schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A word that a program can test." };
            schema.Properties["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What to look for in the log." };
            schema.Properties["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "For each wrong field, such as steps[2].delay, the rules that it breaks.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            };
            foreach (var fact in new[] { "id", "from", "to" })
            {
                schema.Properties[fact] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "With some conflicts: what is in the way.",
                };
            }
        }

        Unwrap(schema, type);
        return Task.CompletedTask;
    }

    /// <summary>A field of a partial update looks like the field itself.</summary>
    private static void Unwrap(OpenApiSchema schema, Type type)
    {
        schema.Type =
            type == typeof(Optional<string>) ? JsonSchemaType.String | JsonSchemaType.Null
            : type == typeof(Optional<bool?>) ? JsonSchemaType.Boolean
            : type == typeof(Optional<IReadOnlyList<StepInput?>>) ? JsonSchemaType.Array
            : schema.Type;
        if (type == typeof(Optional<IReadOnlyList<StepInput?>>))
        {
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "A step, as in createSequence." };
        }
    }

    private static readonly Dictionary<Type, string[]> Required = new()
    {
        [typeof(StepInput)] = ["type"],
        [typeof(CreateSequence)] = ["name", "steps"],
        [typeof(EnrolmentInput)] = ["recipient"],
        [typeof(RecipientInput)] = ["email"],
        [typeof(CreateApiKey)] = ["name"],
        [typeof(InstanceAction)] = ["action", "scheduledId"],
        [typeof(StopRequest)] = ["reason"],
        [typeof(ResumeRequest)] = [],
        [typeof(ResolveRequest)] = ["outcome"],
        [typeof(DevTokenRequest)] = ["subject"],
        [typeof(ApiKeyView)] = ["id", "name", "readOnly", "hint", "createdAt"],
    };

    private static readonly Dictionary<Type, Dictionary<string, string[]>> Words = new()
    {
        [typeof(StepInput)] = new() { ["type"] = ["EMAIL", "SMS", "WAIT"] },
        [typeof(InstanceAction)] = new() { ["action"] = ["pause", "resume"] },
        [typeof(ResumeRequest)] = new() { ["timing"] = ["shift", "keep", "restart"] },
        [typeof(StopRequest)] = new() { ["reason"] = ["replied", "unsubscribed", "bounced", "complained", "goal", "manual"] },
        [typeof(ResolveRequest)] = new() { ["outcome"] = ["sent", "resend"] },
        [typeof(InstanceView)] = new() { ["status"] = ["ACTIVE", "PAUSED", "COMPLETED", "FAILED", "STOPPED"] },
    };
}
