using FollowUp.Application.Dispatch;

namespace FollowUp.Web.Dispatch;

/// <summary>Routes that feed a console: the user's present situation, what is scheduled, and the state of the installation for operators.</summary>
internal static class ConsoleRoutes
{
    private const string Tag = "Console";

    public static void MapConsole(this IEndpointRouteBuilder api)
    {
        api.MapGet("/overview", Overview).Reads("getOverview", Tag).Lists().Produces<OverviewView>();
        api.MapGet("/forecast", Forecast).Reads("getForecast", Tag).Lists().Costs(RequestCost.Aggregate).Produces<ForecastView>();
        api.MapGet("/system", Installation).Reads("getSystem", Tag).Lists().Costs(RequestCost.Aggregate).Operates().Produces<SystemView>();
    }

    /// <summary>Get what needs attention and what is being sent</summary>
    /// <remarks>
    /// At most two seconds old. All requests of a user on a node share one read, so a console may ask as often as it likes. `lag` covers all users.
    /// Instances of deleted sequences are not counted.
    /// </remarks>
    public static Task<IResult> Overview(Sender sender, CancellationToken ct) => sender.Answer(new GetOverview(), ct);

    /// <summary>Get the scheduled steps by hour</summary>
    /// <remarks>
    /// At most 60 seconds old. Counts each instance with its next step: the steps after it are scheduled when it is done. Not counted: paused
    /// instances, and those of disabled sequences whose step came due.
    /// </remarks>
    /// <param name="hours">The number of hours from the current one, 1 to 744; by default 168.</param>
    public static Task<IResult> Forecast(Query<int>? hours, Sender sender, CancellationToken ct) =>
        sender.Answer(new GetForecast(hours), ct);

    /// <summary>Get the state of the installation: nodes, queue, breakers, database, findings</summary>
    /// <remarks>
    /// For operators (`Authentication:Operators`); 403 `operatorRequired` for other callers. At most two seconds old. Each finding says what to do.
    /// </remarks>
    public static Task<IResult> Installation(Sender sender, CancellationToken ct) => sender.Answer(new GetSystem(), ct);
}
