using System.Text.Json.Serialization;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Instances;

/// <summary>A recipient as a client reads it.</summary>
/// <param name="Email">Where mail goes; a domain in another script is shown in its own letters.</param>
/// <param name="Name">The whole name.</param>
/// <param name="Phone">Where text messages go, in E.164 form.</param>
/// <param name="TimeZone">An IANA time zone.</param>
public sealed record RecipientView(string Email, string? Name, string? Phone, string? TimeZone)
{
    /// <summary>The first name, as <c>recipient.firstName</c> in templates: as given, else what the name says plainly. Absent when neither is there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstName { get; init; }

    /// <summary>The last name, as <c>recipient.lastName</c> in templates: as given, else what the name says plainly. Absent when neither is there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastName { get; init; }

    /// <summary>A recipient as a client reads it.</summary>
    internal static RecipientView From(Recipient recipient) =>
        new(recipient.Email.Display, recipient.Name, recipient.Phone?.Value, recipient.TimeZone)
        {
            FirstName = recipient.FirstName,
            LastName = recipient.LastName,
        };
}
