using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>Why a step is skipped, as the timeline and the preview show it.</summary>
internal static class SkipReasons
{
    /// <summary>No provider for text messages is configured.</summary>
    public const string NoSmsProvider = "noSmsProvider";

    /// <summary>The recipient has no phone number.</summary>
    public const string NoPhoneNumber = "noPhoneNumber";

    /// <summary>Why an SMS is skipped; null when it is sent.</summary>
    /// <param name="hasProvider">Whether a provider for text messages is configured.</param>
    public static string? ForSms(bool hasProvider, Recipient recipient) =>
        !hasProvider ? NoSmsProvider
        : recipient.Phone is null ? NoPhoneNumber
        : null;
}
