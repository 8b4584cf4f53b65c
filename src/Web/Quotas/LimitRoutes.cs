using FollowUp.Application.Quotas;

namespace FollowUp.Web.Quotas;

/// <summary>Routes of the caller's sending limits.</summary>
internal static class LimitRoutes
{
    private const string Tag = "Scheduling";

    public static void MapLimits(this IEndpointRouteBuilder api)
    {
        api.MapGet("/limits", Get).Reads("getLimits", Tag).Produces<LimitsView>();
        api.MapPut("/limits", Set).Writes("setLimits", Tag).Produces<LimitsView>();
    }

    /// <summary>Get the caller's sending limits</summary>
    /// <remarks>`today` is the current day in the time zone of the limits, with the number of mails so far.</remarks>
    public static Task<IResult> Get(Sender sender, CancellationToken ct) => sender.Answer(new GetLimits(), ct);

    /// <summary>Replace the caller's sending limits</summary>
    /// <remarks>
    /// Replaces all limits; an absent field means no limit. Mails that wait for an old limit are checked again at once. Text messages are not
    /// limited.
    /// </remarks>
    public static Task<IResult> Set(JsonBody<SetLimits> body, Sender sender, CancellationToken ct) => sender.Answer(body.Value, ct);
}
