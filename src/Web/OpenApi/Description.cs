using System.Text.Json.Serialization.Metadata;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Web.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace FollowUp.Web.OpenApi;

/// <summary>Serves the OpenAPI 3.1 document at <c>/openapi/v1.json</c> and an interactive reference at <c>/docs</c>.</summary>
internal static class Description
{
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";
    private const string Session = "session";

    /// <summary>The reference page runs scripts of this origin and one inline script.</summary>
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
                    options.AddSchemaTransformer(SchemaTransformer.Apply);
                    options.AddOperationTransformer(
                        (operation, context, ct) =>
                        {
                            Secure(operation, context);
                            return OperationTransformer.Apply(operation, context, ct);
                        }
                    );
                    options.AddDocumentTransformer(
                        (document, _, _) =>
                        {
                            Introduce(document);
                            DocumentTransformer.Complete(document);
                            Examples.AddTo(document);
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
        // All resources of the page come from this host, so that no third party learns about its readers.
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
            Summary = "Follow-up sequences: define a sequence and enrol recipients; each step is executed once, when it is due.",
            Description =
                "Instants are UTC in ISO 8601 with `Z`. Errors are problem details (RFC 9457) with a `code`. Resources of another user get the same 404 as missing ones. Lists are paged: pass `nextCursor` as `cursor`.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            Contact = new OpenApiContact { Name = "FollowUp contributors" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This server" }];
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Sequences", Description = "Lists of steps, published in versions." },
            new() { Name = "Versions", Description = "Published versions, and migration of running instances to a newer version." },
            new() { Name = "Instances", Description = "Recipients' runs through sequences." },
            new() { Name = "Recipients", Description = "Suppressed addresses, and unsubscribe links in mails, which need no credential." },
            new() { Name = "Scheduling", Description = "Calendars of holidays, and the caller's sending limits." },
            new() { Name = "Events", Description = "The event log: append-only and hash-chained." },
            new() { Name = "Operations", Description = "Mass changes that run in the background." },
            new()
            {
                Name = "Sandbox",
                Description = "An isolated environment for integration tests, with its own clock and messages that are not delivered.",
            },
            new() { Name = "Accounts", Description = "The authenticated user, API keys, and browser sessions." },
            new() { Name = "Console", Description = "Figures for a console, and the state of the installation for operators." },
            new() { Name = "Operator", Description = "For operators: list and block users." },
            new() { Name = "Development", Description = "For local development; absent in production." },
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
                Description = "A key from `POST /api/keys`.",
            },
            [Session] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = SessionCookie.Name,
                Description =
                    $"A browser session from `POST /api/session` or `GET /auth/sign-in`. Over plain HTTP to a loopback host the cookie is `{SessionCookie.LoopbackName}`. Requests that are not `GET` also need the header `X-FollowUp: 1` and the `Origin` of this server.",
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
                    new() { [new OpenApiSecuritySchemeReference(Session, context.Document)] = [] },
                ]
                :
                [
                    [],
                ];
    }

    /// <summary>The name of a type in the document, in the API's terms instead of the code's. A type without a name is described inline.</summary>
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
                "InstanceExplanation" => "Why",
                "ScheduledAction" => "InstanceAction",
                "JsonElement" or "JsonObject" => null,
                _ => name.EndsWith("View", StringComparison.Ordinal) ? name[..^"View".Length] : name,
            };
    }
}
