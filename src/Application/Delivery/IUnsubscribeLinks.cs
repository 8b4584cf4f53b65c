namespace FollowUp.Application.Delivery;

/// <summary>The links by which people unsubscribe. Their tokens are opaque, cannot be forged, and are good for as long as the mails that carry them.</summary>
public interface IUnsubscribeLinks
{
    /// <summary>The link for a mail.</summary>
    /// <param name="reader">Who gets the mail.</param>
    /// <returns>The link; null where <c>PublicUrl</c> is not set.</returns>
    ValueTask<string?> For(StepReader reader, CancellationToken cancellationToken);

    /// <summary>Reads a token.</summary>
    /// <param name="token">The last part of a link.</param>
    /// <returns>What it says; null when it is none of ours.</returns>
    ValueTask<UnsubscribeToken?> Read(string token, CancellationToken cancellationToken);
}
