using System.Text.Json.Serialization.Metadata;
using FollowUp.Application;
using FollowUp.Web.Http;
using FollowUp.Web.Platform;
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

    /// <summary>The interactive page runs scripts of this origin and one inline script.</summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void AddFollowUpOpenApi(this IServiceCollection services) =>
        services
            .AddSingleton<QueryRules>()
            .ConfigureHttpJsonOptions(json => Json.Describe(json.SerializerOptions))
            .AddOpenApi(
                CachedDescription.Name,
                options =>
                {
                    options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                    options.CreateSchemaReferenceId = Name;
                    options.AddOperationTransformer(
                        async (operation, context, ct) =>
                        {
                            Secure(operation, context);
                            Operations.Complete(operation, context);
                            await DryRuns.AddTo(operation, context, ct);
                            Examples.AddTo(operation);
                        }
                    );
                    options.AddDocumentTransformer(
                        (document, _, _) =>
                        {
                            Introduce(document);
                            Schemas.Complete(document);
                            return Task.CompletedTask;
                        }
                    );
                }
            );

    public static void MapFollowUpOpenApi(this WebApplication app)
    {
        var description = new CachedDescription(app.Services);
        app.MapGet("/openapi/{documentName}.json", (string documentName, HttpContext http) => description.Answer(documentName, http))
            .ExcludeFromDescription()
            .AllowAnonymous();
        // Everything that the page needs comes from here: it asks no other host, and nobody else learns who reads it.
        app.MapScalarApiReference(
                "/docs",
                options =>
                    options
                        .WithTitle("FollowUp API")
                        .WithOpenApiRoutePattern("/openapi/v1.json")
                        .DisableDefaultFonts()
                        .DisableTelemetry()
                        .DisableAgent()
                        .DisableMcp()
                        .HideDeveloperTools()
                        .HideClientButton()
            )
            .WithMetadata(new ContentPolicy(PagePolicy))
            .AllowAnonymous();
    }

    private static void Introduce(OpenApiDocument document)
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
            new() { Name = "Versions", Description = "What was published, and how running instances move to a newer version." },
            new() { Name = "Instances", Description = "People going through sequences." },
            new() { Name = "Recipients", Description = "Addresses that get nothing more." },
            new() { Name = "Scheduling", Description = "Calendars of days off, and limits on the caller's mails." },
            new() { Name = "Events", Description = "The log: insert-only, hash-chained." },
            new() { Name = "Recipients", Description = "Where the links in mails lead: for people and mailboxes, without a credential." },
            new()
            {
                Name = "Sandbox",
                Description = "A world of its own for trying integrations out: its clock, and the mail that stays in it.",
            },
            new() { Name = "Accounts", Description = "Who is asking, and API keys." },
            new() { Name = "Operator", Description = "For those who run the program: users, and who is blocked." },
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
    }

    private static void Secure(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Security =
            metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any()
                ?
                [
                    new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
                    new() { [new OpenApiSecuritySchemeReference(ApiKey, context.Document)] = [] },
                ]
                :
                [
                    [],
                ];
    }

    /// <summary>What a type is called in the description: the words of the API, not those of the code. Without a name it is described in place.</summary>
    private static string? Name(JsonTypeInfo type)
    {
        var isPage = type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(Page<>);
        return isPage ? $"{Word(type.Type.GetGenericArguments()[0].Name)}Page"
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name ? Word(name)
            : null;

        static string? Word(string name) =>
            name switch
            {
                "EventView" => "FollowUpEvent",
                "StepInput" => "Step",
                "VariantInput" => "EmailVariant",
                "EnrolmentInput" => "Enrolment",
                "ScheduleInput" => "Schedule",
                "RampInput" => "Ramp",
                "ProblemDetails" => "Problem",
                "JsonElement" or "JsonObject" => null,
                _ => name.EndsWith("View", StringComparison.Ordinal) ? name[..^"View".Length] : name,
            };
    }
}
