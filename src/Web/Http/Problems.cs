using System.Diagnostics;
using Ardalis.Result;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Http;

/// <summary>Problem details (RFC 9457). Every error response is created here and has a <c>code</c> for programs.</summary>
internal static partial class Problems
{
    private static readonly Dictionary<int, (string Code, string Title, string Detail)> ByStatus = new()
    {
        [400] = ("badRequest", "Bad request", "The request is malformed."),
        [401] = ("unauthorized", "Not authenticated", "A valid bearer token or API key is required."),
        [403] = ("forbidden", "Forbidden", "The credential does not permit this request."),
        [404] = ("notFound", "Not found", "The resource does not exist or belongs to another user."),
        [405] = ("methodNotAllowed", "Method not allowed", "The resource does not support this method."),
        [408] = ("requestTimeout", "Request timeout", "The request took too long to arrive."),
        [412] = ("preconditionFailed", "Precondition failed", "The resource has changed since it was read."),
        [413] = ("payloadTooLarge", "Payload too large", "The body exceeds the size limit of this resource."),
        [415] = ("unsupportedMediaType", "Unsupported media type", "The resource does not support this content type."),
        [429] = ("tooManyRequests", "Too many requests", "The rate limit is exceeded. Retry after the time in Retry-After."),
        [500] = ("internal", "Internal error", "An internal error occurred. The log has the details under the trace id."),
        [503] = ("unavailable", "Unavailable", "The database is temporarily unreachable. Retry after the time in Retry-After."),
    };

    /// <summary>A problem for a status. Missing texts are filled with the defaults of the status.</summary>
    public static ProblemHttp Of(int status, string? detail = null, string? code = null)
    {
        var known = ByStatus.GetValueOrDefault(status, ("error", "Error", "The request failed."));
        return new ProblemHttp(
            new ProblemDetails
            {
                Status = status,
                Title = known.Item2,
                Detail = detail ?? known.Item3,
                Type = $"urn:followup:problem:{code ?? known.Item1}",
                Extensions = { ["code"] = code ?? known.Item1 },
            }
        );
    }

    /// <summary>The maximum number of errors in a response.</summary>
    private const int MostErrors = 100;

    /// <summary>The maximum length of a field's path and of a rule, in characters: both may quote the request.</summary>
    private const int LongestText = 500;

    /// <summary>A 400 that names fields and their rules: at most <see cref="MostErrors"/>.</summary>
    public static ProblemHttp Invalid(IEnumerable<ValidationError> errors)
    {
        var problem = Of(400, "One or more fields are invalid.", "validation");
        problem.Details.Title = "Validation failed";
        problem.Details.Extensions["errors"] = errors
            .Take(MostErrors)
            .GroupBy(e => Shortened(e.Identifier))
            .ToDictionary(group => group.Key, group => group.Select(e => Shortened(e.ErrorMessage)).Distinct().ToArray());
        return problem;
    }

    private static string Shortened(string text) =>
        text.Length <= LongestText ? text
        : char.IsHighSurrogate(text[LongestText - 1]) ? $"{text[..(LongestText - 1)]}…"
        : $"{text[..LongestText]}…";

    public static ProblemHttp Invalid(string field, string rule) => Invalid([new ValidationError(field, rule)]);

    /// <summary>The one place that turns a failed result into HTTP.</summary>
    public static ProblemHttp From(Ardalis.Result.IResult result)
    {
        if (result.Status != ResultStatus.Invalid)
        {
            throw new InvalidOperationException($"No use case returns {result.Status}: {string.Join("; ", result.Errors)}");
        }

        if (Error.Of(result) is not { } error)
        {
            return Invalid(result.ValidationErrors);
        }

        var status = error.Kind switch
        {
            ErrorKind.NotFound => 404,
            ErrorKind.PreconditionFailed => 412,
            _ => 409,
        };
        var problem = Of(status, error.ErrorMessage, error.ErrorCode);
        problem.Details.Title = status == 409 ? "Conflict" : problem.Details.Title;
        foreach (var (name, value) in error.Facts)
        {
            problem.Details.Extensions[name] = value;
        }

        return problem;
    }

    /// <summary>Gives the framework's empty error responses a body, and turns exceptions into responses.</summary>
    /// <param name="isLost">Whether an exception means that the database is temporarily unreachable.</param>
    /// <param name="whyRefused">The reason of a 401 that its caller may see; null for none.</param>
    public static IApplicationBuilder UseFollowUpErrors(
        this IApplicationBuilder app,
        Func<Exception, bool> isLost,
        Func<HttpContext, string?> whyRefused
    )
    {
        bool IsOutage(Exception failure) =>
            isLost(failure) || failure is TimeoutException || (failure.InnerException is { } inner && IsOutage(inner));

        return app.UseExceptionHandler(
                new ExceptionHandlerOptions
                {
                    ExceptionHandler = http => HandleException(http, IsOutage),
                    // Errors of clients and outages are not bugs: they are logged without a stack trace.
                    SuppressDiagnosticsCallback = context => BadRequestStatus(context.Exception) is not null || IsOutage(context.Exception),
                }
            )
            .UseStatusCodePages(pages => Bare(pages.HttpContext, whyRefused).ExecuteAsync(pages.HttpContext));
    }

    private static ProblemHttp Bare(HttpContext http, Func<HttpContext, string?> whyRefused) =>
        Of(http.Response.StatusCode, http.Response.StatusCode == StatusCodes.Status401Unauthorized ? whyRefused(http) : null);

    private static Task HandleException(HttpContext http, Func<Exception, bool> isOutage)
    {
        var failure = http.Features.Get<IExceptionHandlerFeature>()!.Error;
        return failure switch
        {
            _ when BadRequestStatus(failure) is { } status => Of(status).ExecuteAsync(http),
            _ when http.RequestAborted.IsCancellationRequested => Task.CompletedTask,
            QueryTimeoutException => TookTooLong(http),
            _ when isOutage(failure) => Unavailable(http, failure),
            _ => Of(500).ExecuteAsync(http),
        };
    }

    /// <summary>The status for a malformed request. Kestrel has no specific exception for a chunk size that overflows.</summary>
    private static int? BadRequestStatus(Exception failure) =>
        failure switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            IOException { InnerException: OverflowException } => 400,
            _ => null,
        };

    private static Task TookTooLong(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Of(503, "The query took too long. Narrow the request, or retry later.", "queryTimeout").ExecuteAsync(http);
    }

    private static Task Unavailable(HttpContext http, Exception failure)
    {
        LogOutage(
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("FollowUp.Web.Http"),
            failure.GetBaseException().Message
        );
        http.Response.Headers.RetryAfter = "2";
        return Of(503).ExecuteAsync(http);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request was answered with 503: {Reason}")]
    private static partial void LogOutage(ILogger logger, string reason);
}

/// <summary>Problem details as a result.</summary>
internal sealed class ProblemHttp(ProblemDetails details) : Microsoft.AspNetCore.Http.IResult
{
    public ProblemDetails Details { get; } = details;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        Details.Extensions["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier;
        httpContext.Response.StatusCode = Details.Status!.Value;
        return httpContext.Response.WriteAsJsonAsync(
            Details,
            Json.Options,
            "application/problem+json",
            // Not the request's token: writing to a client that has disconnected must not throw.
            CancellationToken.None
        );
    }
}
