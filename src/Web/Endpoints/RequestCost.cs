namespace FollowUp.Web.Endpoints;

/// <summary>How many tokens a request takes from its caller's rate limit. A route without this metadata costs <see cref="Simple"/>.</summary>
/// <param name="Tokens">At least 1. A caller whose burst is smaller pays the whole burst.</param>
internal sealed record RequestCost(int Tokens)
{
    /// <summary>One row read or changed by its id.</summary>
    public const int Simple = 1;

    /// <summary>A page of a list.</summary>
    public const int Page = 2;

    /// <summary>Figures or proofs that are computed over many rows.</summary>
    public const int Aggregate = 5;

    /// <summary>Templates are rendered, or every step of a sequence is compared.</summary>
    public const int Render = 10;

    /// <summary>A whole log, a whole list of recipients, or many simulated steps.</summary>
    public const int Stream = 20;
}

/// <summary>Marks a route that is never rate limited, because it costs next to nothing and probes must always get an answer.</summary>
internal sealed record Unlimited;

/// <summary>
/// Marks a route that works without a credential, because its URL is the secret. A genuine secret has a limit of its own, a wrong one is
/// charged to the client's address, and a
/// sandbox key that comes along leads into the sandbox.
/// </summary>
internal sealed record SecretLink;
