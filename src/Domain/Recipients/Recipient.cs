namespace FollowUp.Domain.Recipients;

/// <summary>The recipient of an instance.</summary>
/// <param name="Email">Where mail goes.</param>
/// <param name="Name">The whole name, or null.</param>
/// <param name="Phone">Where text messages go, or null.</param>
/// <param name="TimeZone">An IANA time zone, or null.</param>
public sealed record Recipient(EmailAddress Email, string? Name, PhoneNumber? Phone, string? TimeZone)
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The longest first or last name, in characters.</summary>
    public const int LongestPart = 100;

    /// <summary>The first name as it was given; null when it was not.</summary>
    public string? GivenFirstName { get; init; }

    /// <summary>The last name as it was given; null when it was not.</summary>
    public string? GivenLastName { get; init; }

    /// <summary>The first name: as given, else what <see cref="Name"/> says plainly; null when neither is there.</summary>
    public string? FirstName => GivenFirstName ?? PersonName.Guess(Name)?.First;

    /// <summary>The last name: as given, else what <see cref="Name"/> says plainly; null when neither is there.</summary>
    public string? LastName => GivenLastName ?? PersonName.Guess(Name)?.Last;
}
