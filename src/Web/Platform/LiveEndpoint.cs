using System.Security.Claims;
using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Infrastructure.Persistence;
using Microsoft.AspNetCore.Mvc;

namespace FollowUp.Web.Platform;

/// <summary>A request feature: the request is a HEAD, whose response ends with its headers.</summary>
internal sealed record HeadOnly;

/// <summary>
/// <c>GET /api/live</c>: Server-Sent Events for a console. A stream polls the log only while its client listens, at most once a second and without a
/// connection in between, and no commit of the engine notifies anything (ADR 116).
/// </summary>
internal static class LiveEndpoint
{
    private const string RetryAfter = "5";

    public static void MapLive(this WebApplication app) =>
        app.MapGet("/api/live", Live)
            .RequireAuthorization()
            .Reads("followLive", "Console")
            .Costs(RequestCost.Aggregate)
            .Produces<string>(200, "text/event-stream")
            .Refuses(400, 403)
            .WithMetadata(new LiveOnly());

    /// <summary>Follow new events and the overview as Server-Sent Events</summary>
    /// <remarks>
    /// `event: event` at most once a second: `data` has `items` (new events in commit order, without the texts of messages) and `skipped` (`true` when
    /// events may be missing, because there were more than 200 or the one to continue after was deleted with its sequence: `GET /api/events` has
    /// them); `id` is the id of the last event. `event: overview` every two seconds, as in `GET /api/overview`. A stream starts at the end of the log,
    /// or after the event in the header `Last-Event-ID`, which browsers send when they reconnect. It ends when the credential does. At most 10 streams
    /// a user on a node, then 429 `tooManyStreams`; at most 500 on a node, then 503 `tooManyStreams`.
    /// </remarks>
    /// <param name="last">Continues after this event, instead of at the end of the log.</param>
    public static async Task<IResult> Live(
        [FromHeader(Name = "Last-Event-ID")] string? last,
        HttpContext http,
        LiveStreams streams,
        CancellationToken ct
    )
    {
        Guid? after = null;
        if (!string.IsNullOrEmpty(last))
        {
            if (!Guid.TryParseExact(last, "D", out var id))
            {
                return Problems.Invalid("Last-Event-ID", "must be the id of an event");
            }

            after = id;
        }

        if (streams.TryTake(http.User.FindFirstValue(CallerClaims.Owner)!, out var isNodeFull) is not { } place)
        {
            http.Response.Headers.RetryAfter = RetryAfter;
            return isNodeFull
                ? Problems.Of(503, $"The node has {LiveStreams.MostPerNode} open streams. Try again later.", "tooManyStreams")
                : Problems.Of(429, $"The user has {LiveStreams.MostPerUser} open streams. Close one first.", "tooManyStreams");
        }

        var isKept = false;
        try
        {
            // A context of the request's own scope would live as long as the stream.
            await using var scope = http.RequestServices.CreateAsyncScope();
            var start = await scope.ServiceProvider.GetRequiredService<Sender>().Send(new FollowLog(null, after), ct);
            isKept = start.IsSuccess;
            return start.IsSuccess ? new Stream(place, start.Value) : Problems.From(start);
        }
        finally
        {
            if (!isKept)
            {
                place.Dispose();
            }
        }
    }

    /// <summary>Writes until the client leaves, the credential ends, the node stops, or the database is lost; a browser then reconnects.</summary>
    private sealed class Stream(IDisposable place, FollowedLog start) : IResult
    {
        private const int OverviewEvery = 2;
        private const int CredentialEvery = 5;
        private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var _ = place;
            var response = httpContext.Response;
            response.ContentType = "text/event-stream";
            response.Headers["X-Accel-Buffering"] = "no";
            var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
            try
            {
                await response.Body.FlushAsync(end.Token);
                if (httpContext.Features.Get<HeadOnly>() is null)
                {
                    await Write(httpContext, end.Token);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The client or the node is gone.
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) || failure is QueryTimeoutException)
            {
                // The client reconnects and gets 503 until the database is back.
            }
        }

        private async Task Write(HttpContext http, CancellationToken cancellationToken)
        {
            using var timer = new PeriodicTimer(Tick, http.RequestServices.GetRequiredService<TimeProvider>());
            var (position, next) = (start.Position, start);
            for (var second = 0; ; second++)
            {
                if (next.Items.Count > 0 || next.Skipped)
                {
                    Guid? last = next.Items.Count > 0 ? next.Items[^1].Id : null;
                    await Send(http, "event", new { next.Items, next.Skipped }, last, cancellationToken);
                }

                // A scope for each second, as for the start.
                await using (var scope = http.RequestServices.CreateAsyncScope())
                {
                    var sender = scope.ServiceProvider.GetRequiredService<Sender>();
                    if (
                        second % CredentialEvery == 0
                        && !await scope.ServiceProvider.GetRequiredService<ICredentialCheck>().IsValid(cancellationToken)
                    )
                    {
                        return;
                    }

                    if (second % OverviewEvery == 0)
                    {
                        await Send(
                            http,
                            "overview",
                            (await sender.Send(new GetOverview(), cancellationToken)).Value,
                            null,
                            cancellationToken
                        );
                    }
                }

                await timer.WaitForNextTickAsync(cancellationToken);
                await using (var scope = http.RequestServices.CreateAsyncScope())
                {
                    next = (
                        await scope.ServiceProvider.GetRequiredService<Sender>().Send(new FollowLog(position, null), cancellationToken)
                    ).Value;
                    position = next.Position;
                }
            }
        }

        /// <summary>JSON has no line breaks, so it is one line of data.</summary>
        private static async Task Send(HttpContext http, string name, object data, Guid? id, CancellationToken cancellationToken)
        {
            var line = id is null ? "" : $"id: {id}\n";
            await http.Response.WriteAsync(
                $"event: {name}\n{line}data: {JsonSerializer.Serialize(data, Json.Options)}\n\n",
                cancellationToken
            );
            await http.Response.Body.FlushAsync(cancellationToken);
        }
    }
}
