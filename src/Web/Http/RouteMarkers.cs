namespace FollowUp.Web.Http;

/// <summary>Marks routes that accept the <c>Idempotency-Key</c> header, for the OpenAPI document.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>Marks routes that exist only in a sandbox.</summary>
internal sealed record SandboxOnly;

/// <summary>Marks routes that refuse API keys, so that a leaked key cannot create more keys.</summary>
internal sealed record TokenOnly;

/// <summary>Marks routes that refuse callers in a sandbox.</summary>
internal sealed record LiveOnly;

/// <summary>Marks routes that serve callers in a sandbox too, but from the live tables.</summary>
internal sealed record OutsideSandboxes;

/// <summary>Marks a route without a rate limit: it costs almost nothing, and probes must always get a response.</summary>
internal sealed record Unlimited;

/// <summary>
/// Marks a route without a credential, because its URL is the secret. A valid secret has its own limit; an invalid one is charged to the
/// client's address. With a sandbox key the link belongs to that sandbox.
/// </summary>
internal sealed record SecretLink;

/// <summary>Marks a route that runs one request per caller at a time, because a request can occupy a core for seconds. A few more wait.</summary>
internal sealed class RunsExclusively
{
    public static readonly RunsExclusively Instance = new();

    private RunsExclusively() { }
}

/// <summary>Marks a route that responds to <c>dryRun=true</c> with a preview, for the OpenAPI document.</summary>
internal sealed record CanDryRun(Type Preview);
