using System.Text.Json.Nodes;
using FollowUp.Application.Sequences;
using FollowUp.Web.Endpoints;
using Microsoft.AspNetCore.Authorization;
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
        services.AddOpenApi(
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

    private static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.JsonTypeInfo.Type == typeof(StepInput) && schema.Properties.Find("type") is OpenApiSchema type)
        {
            type.Enum = [JsonValue.Create("EMAIL")!, JsonValue.Create("SMS")!, JsonValue.Create("WAIT")!];
            type.Type = JsonSchemaType.String;
            schema.Required = new HashSet<string> { "type" };
            schema.Description = "EMAIL has subject and body, SMS has message, WAIT has delayDays or delay.";
        }

        return Task.CompletedTask;
    }
}
