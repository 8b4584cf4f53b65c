using System.Globalization;

namespace FollowUp.Application.Templates;

/// <summary>The size limits of providers and mail headers, checked on the rendered message.</summary>
internal static class MessageLimits
{
    /// <summary>The longest text message, in characters (UTF-16 code units): Twilio rejects longer ones (error 21617).</summary>
    public const int LongestSms = 1_600;

    /// <summary>The longest subject, in octets of UTF-8: the longest line of a mail header (RFC 5322, section 2.1.1).</summary>
    public const int LongestSubject = 998;

    /// <summary>Why a rendered text message cannot be sent; null when it can.</summary>
    public static string? WrongSms(string text) =>
        text.Length > LongestSms
            ? $"The message is too long once it is rendered: {Format(text.Length)} characters, at most {Format(LongestSms)}."
            : null;

    /// <summary>Why a rendered subject cannot be sent; null when it can.</summary>
    public static string? WrongSubject(string subject) =>
        Encoding.UTF8.GetByteCount(subject) is var octets && octets > LongestSubject
            ? $"The subject is too long once it is rendered: {Format(octets)} octets, at most {LongestSubject}."
            : null;

    private static string Format(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
