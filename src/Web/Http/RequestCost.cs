namespace FollowUp.Web.Http;

/// <summary>The cost of a request in tokens of its caller's rate limit. A route without this metadata costs <see cref="Simple"/>.</summary>
/// <param name="Tokens">At least 1. A caller with a smaller burst pays the whole burst.</param>
internal sealed record RequestCost(int Tokens)
{
    /// <summary>Reads or changes one row by id.</summary>
    public const int Simple = 1;

    /// <summary>A page of a list.</summary>
    public const int Page = 2;

    /// <summary>Statistics or proofs over many rows.</summary>
    public const int Aggregate = 5;

    /// <summary>Renders templates, or compares every step of a sequence.</summary>
    public const int Render = 10;

    /// <summary>Streams a whole log or list of recipients, or simulates many steps.</summary>
    public const int Stream = 20;
}
