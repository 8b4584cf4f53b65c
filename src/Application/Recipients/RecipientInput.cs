namespace FollowUp.Application.Recipients;

/// <summary>A recipient as a client writes it.</summary>
/// <param name="Email">
/// Where mail goes. <c>mailto:</c>, a display name and blanks around the address are taken off; a domain may be written in any script.
/// </param>
/// <param name="Name">The whole name, as mail programs show it; absent: made of <c>firstName</c> and <c>lastName</c>.</param>
/// <param name="Phone">A number with its country code.</param>
/// <param name="TimeZone">An IANA time zone.</param>
public sealed record RecipientInput(string? Email, string? Name, string? Phone, string? TimeZone)
{
    /// <summary>The first name; absent: taken from <c>name</c> where that is plainly "First Last" or "Last, First".</summary>
    public string? FirstName { get; init; }

    /// <summary>The last name; absent: as the first name.</summary>
    public string? LastName { get; init; }
}
