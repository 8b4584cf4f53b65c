namespace FollowUp.Application.Instances;

/// <summary>A recipient in a response.</summary>
/// <param name="Email">The mail address; an internationalized domain is shown in its own script.</param>
/// <param name="Name">The full name.</param>
/// <param name="Phone">The phone number in E.164 form.</param>
/// <param name="TimeZone">An IANA time zone.</param>
public sealed record RecipientView(string Email, string? Name, string? Phone, string? TimeZone)
{
    /// <summary>
    /// The first name, <c>recipient.firstName</c> in templates: as given, otherwise derived from the name if that is unambiguous. Absent
    /// when there is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstName { get; init; }

    /// <summary>
    /// The last name, <c>recipient.lastName</c> in templates: as given, otherwise derived from the name if that is unambiguous. Absent when
    /// there is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastName { get; init; }

    internal static RecipientView From(Recipient recipient) =>
        new(recipient.Email.Display, recipient.Name, recipient.Phone?.Value, recipient.TimeZone)
        {
            FirstName = recipient.FirstName,
            LastName = recipient.LastName,
        };
}
