namespace FollowUp.Web.Endpoints;

/// <summary>Marks an endpoint whose requests run a few at a time for each caller, in the order in which they came.</summary>
internal sealed class TakesTurns
{
    /// <summary>The mark.</summary>
    public static readonly TakesTurns Instance = new();

    private TakesTurns() { }
}
