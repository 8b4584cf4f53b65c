namespace FollowUp.Application.Dispatch;

/// <summary>
/// What all renderings of one request may use up together. Each is bounded by itself; but a sequence has up to 50 steps of up to 10 variants, and a
/// request that renders them all must not cost as much as all those bounds.
/// </summary>
public sealed class RenderAllowance
{
    /// <summary>Twice what a single rendering may use up: mails that people write need a hundredth of it.</summary>
    public const long Most = 32 * 1024 * 1024;

    private long _used;

    /// <summary>Takes some of it.</summary>
    /// <param name="work">How much.</param>
    /// <returns>False when that was more than there was left.</returns>
    public bool Take(long work) => (_used += work) <= Most;
}

/// <summary>What a template is for.</summary>
public enum TemplateKind
{
    /// <summary>A mail's subject: plain text.</summary>
    Subject,

    /// <summary>A mail's body: HTML.</summary>
    Body,

    /// <summary>A text message: plain text, without a link for unsubscribing.</summary>
    Message,
}
