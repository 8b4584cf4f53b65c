namespace FollowUp.Domain.Recipients;

/// <summary>The recipient of an instance.</summary>
/// <param name="Name">The full name, or null.</param>
/// <param name="Phone">The phone number for text messages, or null.</param>
/// <param name="TimeZone">An IANA time zone, or null.</param>
public sealed record Recipient(EmailAddress Email, string? Name, PhoneNumber? Phone, string? TimeZone)
{
    /// <summary>The maximum length of the full name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The maximum length of a first or last name, in characters.</summary>
    public const int LongestPart = 100;

    /// <summary>The first name as given, or null.</summary>
    public string? GivenFirstName { get; init; }

    /// <summary>The last name as given, or null.</summary>
    public string? GivenLastName { get; init; }

    /// <summary>The first name: as given, otherwise derived from <see cref="Name"/> if that is unambiguous, otherwise null.</summary>
    public string? FirstName => GivenFirstName ?? PersonName.Guess(Name)?.First;

    /// <summary>The last name: as given, otherwise derived from <see cref="Name"/> if that is unambiguous, otherwise null.</summary>
    public string? LastName => GivenLastName ?? PersonName.Guess(Name)?.Last;
}
