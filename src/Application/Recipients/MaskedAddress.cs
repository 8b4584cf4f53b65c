using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Recipients;

/// <summary>An address with most of it hidden: its owner recognises it, and a reader to whom the link was forwarded does not learn it.</summary>
internal static class MaskedAddress
{
    private const string Hidden = "***";

    /// <summary>Such as <c>a***@e***.com</c>. How many characters are hidden is hidden too.</summary>
    public static string Of(EmailAddress address)
    {
        var at = address.Value.LastIndexOf('@');
        var domain = address.Value[(at + 1)..];
        return $"{address.Value[..1]}{Hidden}@{domain[..1]}{Hidden}{domain[domain.LastIndexOf('.')..]}";
    }
}
