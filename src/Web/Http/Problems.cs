using System.Diagnostics;
using Ardalis.Result;
using FollowUp.Application;
using FollowUp.Domain.Shared;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Http;

/// <summary>Problem details (RFC 9457): every error of the API is made here, each with a <c>code</c> that a program can test.</summary>
internal static partial class Problems
{
    private static readonly Dictionary<int, (string Code, string Title, string Detail)> ByStatus = new()
    {
        [400] = ("badRequest", "Bad request", "The request cannot be understood."),
        [401] = ("unauthorized", "Not authenticated", "A valid bearer token or API key is needed."),
        [403] = ("forbidden", "Forbidden", "The credential may not do this."),
        [404] = ("notFound", "Not found", "There is nothing here, or it is somebody else's."),
        [405] = ("methodNotAllowed", "Method not allowed", "The resource does not know this method."),
        [408] = ("requestTimeout", "Request timeout", "The request took too long to arrive."),
        [412] = ("preconditionFailed", "Precondition failed", "The resource has changed since it was read."),
        [413] = ("payloadTooLarge", "Payload too large", "The body is larger than this resource takes."),
        [415] = ("unsupportedMediaType", "Unsupported media type", "The resource does not take this content type."),
        [429] = ("tooManyRequests", "Too many requests", "The rate limit is used up; try again after the time in Retry-After."),
        [500] = ("internal", "Internal error", "Something went wrong here; the log has the details under the trace id."),
        [503] = ("unavailable", "Unavailable", "The database cannot be reached at the moment; try again."),
    };

    /// <summary>A problem by its status, with the words of that status where none are given.</summary>
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

    /// <summary>The most errors that one response lists.</summary>
    private const int MostErrors = 100;

    /// <summary>The most characters of a field's path and of a rule: both may quote the request.</summary>
    private const int LongestText = 500;

    /// <summary>A 400 that names fields and their rules: the first <see cref="MostErrors"/> of them.</summary>
    public static ProblemHttp Invalid(IEnumerable<ValidationError> errors)
    {
        var problem = Of(400, "One or more fields are wrong.", "validation");
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
        switch (result.Status)
        {
            case ResultStatus.Invalid:
                return Invalid(result.ValidationErrors);
            case ResultStatus.NotFound:
                return Of(404, result.Errors.FirstOrDefault());
            case ResultStatus.Conflict:
                var refusal = ConflictError.From(result);
                var problem = Of(refusal.Code == "preconditionFailed" ? 412 : 409, refusal.Message, refusal.Code);
                problem.Details.Title = problem.Details.Status == 412 ? "Precondition failed" : "Conflict";
                foreach (var (name, value) in refusal.Facts)
                {
                    problem.Details.Extensions[name] = value;
                }

                return problem;
            default:
                throw new InvalidOperationException($"No use case answers {result.Status}: {string.Join("; ", result.Errors)}");
        }
    }

    /// <summary>Gives the bare statuses of the framework a body, and exceptions an answer.</summary>
    /// <param name="app">The program.</param>
    /// <param name="isLost">Whether an exception says that the database cannot be reached at the moment.</param>
    /// <param name="whyRefused">What the caller of a 401 may know about a refused token; null for nothing.</param>
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
                    // What a client or an outage causes is no bug: no stack trace for it.
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

    /// <summary>The status that a request deserves which is no HTTP. For the size of a chunk that fits no number Kestrel has no exception of its own.</summary>
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
        return Of(503, "The query took too long; ask for less, or try again later.", "queryTimeout").ExecuteAsync(http);
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

/// <summary>Problem details as an answer.</summary>
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
            // The answer is as good for a caller that has gone as for one that waits.
            CancellationToken.None
        );
    }
}
