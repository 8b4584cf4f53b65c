using System.Text;
using System.Text.Json;
using Ardalis.Result;
using FollowUp.Domain.Instances;
using NodaTime;

namespace FollowUp.Application.Instances;

/// <summary>A recipient as a client writes it.</summary>
/// <param name="Email">Where mail goes.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Phone">A number with its country code.</param>
/// <param name="TimeZone">An IANA time zone.</param>
public sealed record RecipientInput(string? Email, string? Name, string? Phone, string? TimeZone);

/// <summary>Who is to be enrolled, as a client writes it: the body of the single call, and one row of the bulk call.</summary>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates; its member <c>offer</c> is what <c>offer.*</c> reads.</param>
/// <param name="OfferId">The offer that it is about, as the client names it.</param>
/// <param name="StartAt">When to start; absent or past means now.</param>
public sealed record EnrolmentInput(RecipientInput? Recipient, JsonElement? Variables, string? OfferId, DateTimeOffset? StartAt)
{
    private const int LongestOfferId = 200;
    private const int LongestVariables = 64 * 1024;
    private const int DeepestVariables = 16;

    /// <summary>The furthest that a start may lie ahead.</summary>
    public static readonly TimeSpan FurthestStart = TimeSpan.FromDays(5 * 365);

    /// <summary>Checks the input: the one place that knows its rules, for one and for many.</summary>
    /// <param name="now">The present instant.</param>
    /// <returns>The enrolment, or what is wrong with which field.</returns>
    internal Result<Enrolment> Read(DateTimeOffset now)
    {
        List<ValidationError> errors = [];
        var email = EmailAddress.Parse(Recipient?.Email);
        Check(Recipient is not null, "recipient", "must be given");
        Check(Recipient is null || email is not null, "recipient.email", "must be a mail address, alone and on one line");
        Check(
            Recipient?.Name is not { } name || (name.Length <= Domain.Instances.Recipient.LongestName && !name.Any(char.IsControl)),
            "recipient.name",
            $"must be one line of at most {Domain.Instances.Recipient.LongestName} characters"
        );
        var phone = PhoneNumber.Parse(Recipient?.Phone);
        Check(
            string.IsNullOrEmpty(Recipient?.Phone) || phone is not null,
            "recipient.phone",
            "must be a number with its country code, such as +4915112345678"
        );
        Check(
            string.IsNullOrEmpty(Recipient?.TimeZone) || DateTimeZoneProviders.Tzdb.Ids.Contains(Recipient.TimeZone),
            "recipient.timeZone",
            "must be an IANA time zone, such as Europe/Berlin"
        );
        Check(OfferId is not { Length: > LongestOfferId }, "offerId", $"must have at most {LongestOfferId} characters");
        Check(StartAt is null || StartAt - now <= FurthestStart, "startAt", "must lie within the next five years");
        var variables = VariablesText(errors);
        return errors.Count > 0
            ? Result.Invalid(errors)
            : new Enrolment(
                new Recipient(
                    email!.Value,
                    string.IsNullOrWhiteSpace(Recipient!.Name) ? null : Recipient.Name,
                    phone,
                    string.IsNullOrEmpty(Recipient.TimeZone) ? null : Recipient.TimeZone
                ),
                variables,
                OfferId,
                StartAt
            );

        void Check(bool holds, string field, string rule)
        {
            if (!holds)
            {
                errors.Add(new ValidationError(field, rule));
            }
        }
    }

    private string VariablesText(List<ValidationError> errors)
    {
        if (Variables is not { } variables || variables.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return "{}";
        }

        var text = variables.GetRawText();
        var wrong =
            variables.ValueKind != JsonValueKind.Object ? "must be an object"
            : Encoding.UTF8.GetByteCount(text) > LongestVariables ? $"must have at most {LongestVariables} bytes"
            : Wrong(variables, DeepestVariables);
        if (wrong is not null)
        {
            errors.Add(new ValidationError("variables", wrong));
        }

        return text;
    }

    /// <summary>What JSON allows and PostgreSQL's jsonb cannot hold, and what is nested too deep; null when nothing is.</summary>
    private static string? Wrong(JsonElement element, int deepest) =>
        element.ValueKind switch
        {
            JsonValueKind.Object or JsonValueKind.Array when deepest == 0 => $"must be nested at most {DeepestVariables} deep",
            JsonValueKind.Object => element
                .EnumerateObject()
                .Select(member => WrongText(() => member.Name) ?? Wrong(member.Value, deepest - 1))
                .FirstOrDefault(wrong => wrong is not null),
            JsonValueKind.Array => element
                .EnumerateArray()
                .Select(item => Wrong(item, deepest - 1))
                .FirstOrDefault(wrong => wrong is not null),
            JsonValueKind.String => WrongText(() => element.GetString()!),
            JsonValueKind.Number when !IsOrdinary(element) => "must not hold a number beyond the range of a double",
            _ => null,
        };

    private static string? WrongText(Func<string> read)
    {
        try
        {
            return read().Contains('\0', StringComparison.Ordinal) ? "must not hold the character U+0000" : null;
        }
        catch (InvalidOperationException)
        {
            return "must hold valid Unicode only";
        }
    }

    // 1e-999 reads as 0, although its digits say otherwise.
    private static bool IsOrdinary(JsonElement number) =>
        double.IsFinite(number.GetDouble())
        && (
            number.GetDouble() != 0
            || number.GetRawText().AsSpan().IndexOfAnyInRange('1', '9') is -1
            || number.GetRawText().IndexOf('e', StringComparison.OrdinalIgnoreCase) is -1
        );
}

/// <summary>A checked enrolment.</summary>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="StartAt">When to start.</param>
public sealed record Enrolment(Recipient Recipient, string Variables, string? OfferId, DateTimeOffset? StartAt);
