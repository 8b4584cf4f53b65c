namespace FollowUp.Application.Delivery;

/// <summary>Why a step is skipped, for the worker and the preview.</summary>
internal static class SkipReasons
{
    /// <summary>Why an SMS is skipped; null when it is sent.</summary>
    /// <param name="hasProvider">Whether a provider for text messages is configured.</param>
    public static SkipReason? ForSms(bool hasProvider, Recipient recipient) =>
        !hasProvider ? SkipReason.NoSmsProvider
        : recipient.Phone is null ? SkipReason.NoPhoneNumber
        : null;
}
