using System.ComponentModel.DataAnnotations;

namespace FollowUp.Application.Recipients;

/// <summary>A recipient in a request.</summary>
/// <param name="Email">The mail address. <c>mailto:</c>, a display name and surrounding blanks are removed; the domain may be in any script.</param>
/// <param name="Name">The full name; if absent, joined from <c>firstName</c> and <c>lastName</c>.</param>
/// <param name="Phone">A number with its country code.</param>
/// <param name="TimeZone">An IANA time zone.</param>
public sealed record RecipientInput(
    [property: MaxLength(EmailInput.Longest)] string? Email,
    string? Name = null,
    string? Phone = null,
    string? TimeZone = null
)
{
    /// <summary>The first name; if absent, derived from <c>name</c> where that is plainly "First Last" or "Last, First".</summary>
    public string? FirstName { get; init; }

    /// <summary>The last name; if absent, derived like the first name.</summary>
    public string? LastName { get; init; }
}
