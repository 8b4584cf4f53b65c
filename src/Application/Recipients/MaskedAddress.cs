namespace FollowUp.Application.Recipients;

/// <summary>An address with most characters hidden: its owner recognizes it, but a reader of a forwarded link does not learn it.</summary>
internal static class MaskedAddress
{
    private const string Hidden = "***";

    /// <summary>For example <c>a***@e***.com</c>. The number of hidden characters is hidden too.</summary>
    public static string Of(EmailAddress address)
    {
        var at = address.Value.LastIndexOf('@');
        var domain = address.Value[(at + 1)..];
        return $"{address.Value[..1]}{Hidden}@{domain[..1]}{Hidden}{domain[domain.LastIndexOf('.')..]}";
    }
}
