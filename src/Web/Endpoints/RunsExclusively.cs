namespace FollowUp.Web.Endpoints;

/// <summary>Marks a route whose requests run one at a time for each caller, since one can occupy a core for seconds. A few more wait.</summary>
internal sealed class RunsExclusively
{
    public static readonly RunsExclusively Instance = new();

    private RunsExclusively() { }
}
