using System.Text;
using System.Text.Json;
using Ardalis.Result;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;

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
    private const int LongestNumber = 400;

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
            string.IsNullOrEmpty(Recipient?.TimeZone) || Schedule.IsZone(Recipient.TimeZone),
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

        var wrong = Wrong(variables);
        if (wrong is not null)
        {
            errors.Add(new ValidationError("variables", wrong));
            return "{}";
        }

        return variables.GetRawText();
    }

    private static string? Wrong(JsonElement variables)
    {
        try
        {
            return variables.ValueKind != JsonValueKind.Object ? "must be an object"
                : Unstorable(variables, DeepestVariables) is { } wrong ? wrong
                : Encoding.UTF8.GetByteCount(variables.GetRawText()) > LongestVariables ? $"must have at most {LongestVariables} bytes"
                : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8: found out only when the text is asked for.
            return "must be valid Unicode";
        }
    }

    /// <summary>What PostgreSQL's jsonb would refuse, and with it, in a bulk call, the whole batch: U+0000, and numbers that numeric cannot hold.</summary>
    private static string? Unstorable(JsonElement element, int depthLeft)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depthLeft == 0:
                return $"must be nested at most {DeepestVariables} deep";
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if ((UnstorableText(member.Name) ?? Unstorable(member.Value, depthLeft - 1)) is { } wrong)
                    {
                        return wrong;
                    }
                }

                return null;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (Unstorable(item, depthLeft - 1) is { } wrong)
                    {
                        return wrong;
                    }
                }

                return null;
            case JsonValueKind.String:
                return UnstorableText(element.GetString()!);
            case JsonValueKind.Number:
                return IsStorable(element) ? null : "must not hold a number that is too large, too small or too long";
            default:
                return null;
        }
    }

    private static string? UnstorableText(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? "must not hold the character U+0000" : null;

    private static bool IsStorable(JsonElement number) =>
        number.GetRawText() is { Length: <= LongestNumber } digits
        && number.TryGetDouble(out var value)
        && double.IsFinite(value)
        && (value != 0 || digits.AsSpan().IndexOfAny('e', 'E') < 0);
}

/// <summary>A checked enrolment.</summary>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="StartAt">When to start.</param>
public sealed record Enrolment(Recipient Recipient, string Variables, string? OfferId, DateTimeOffset? StartAt);
