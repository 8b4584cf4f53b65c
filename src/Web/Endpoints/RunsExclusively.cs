namespace FollowUp.Web.Endpoints;

/// <summary>Marks a route that runs one request per caller at a time, because a request can occupy a core for seconds. A few more wait.</summary>
internal sealed class RunsExclusively
{
    public static readonly RunsExclusively Instance = new();

    private RunsExclusively() { }
}
