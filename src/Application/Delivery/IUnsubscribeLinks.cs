namespace FollowUp.Application.Delivery;

/// <summary>The unsubscribe links of mails. Their tokens are opaque, cannot be forged, and never expire.</summary>
public interface IUnsubscribeLinks
{
    /// <summary>The link for a mail.</summary>
    /// <returns>The link; null where <c>PublicUrl</c> is not set.</returns>
    ValueTask<string?> For(StepReader reader, CancellationToken cancellationToken);

    /// <summary>Reads a token.</summary>
    /// <param name="token">The last segment of the link.</param>
    /// <returns>The content; null when the token is invalid.</returns>
    ValueTask<UnsubscribeToken?> Read(string token, CancellationToken cancellationToken);
}
