using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>Why a step that would send something is passed over; the words that the timeline and the preview show.</summary>
internal static class SkipReasons
{
    /// <summary>Nobody carries text messages.</summary>
    public const string NoSmsProvider = "noSmsProvider";

    /// <summary>The recipient has no number.</summary>
    public const string NoPhoneNumber = "noPhoneNumber";

    /// <summary>Why an SMS is passed over.</summary>
    /// <param name="hasProvider">Whether somebody carries text messages.</param>
    /// <param name="recipient">To whom it would go.</param>
    /// <returns>The reason; null when it is sent.</returns>
    public static string? ForSms(bool hasProvider, Recipient recipient) =>
        !hasProvider ? NoSmsProvider
        : recipient.Phone is null ? NoPhoneNumber
        : null;
}
