namespace FollowUp.Application.Instances;

/// <summary>An enrolment as a client sends it: the body of the single call and a row of the bulk call.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Variables">A JSON object for the templates; its member <c>offer</c> provides <c>offer.*</c>.</param>
/// <param name="OfferId">The client's id of the offer.</param>
/// <param name="StartAt">When to start; absent or past means now.</param>
public sealed record EnrolmentInput(
    RecipientInput? Recipient,
    JsonElement? Variables = null,
    string? OfferId = null,
    DateTimeOffset? StartAt = null
)
{
    private const int LongestOfferId = 200;
    private const int LongestVariables = 64 * 1024;
    private const int DeepestVariables = 16;
    private const int LongestNumber = 400;

    /// <summary>The latest start, counted from now.</summary>
    public static readonly TimeSpan FurthestStart = TimeSpan.FromDays(5 * 365);

    /// <summary>Validates the input. The only implementation of its rules, used by the single and the bulk call.</summary>
    /// <param name="needsPhone">Whether the sequence has an SMS step: only then an unreadable phone number is an error.</param>
    /// <returns>The enrolment, or the errors by field.</returns>
    internal Result<Enrolment> Read(DateTimeOffset now, bool needsPhone = true)
    {
        List<ValidationError> errors = [];
        var email = EmailInput.Read(Recipient?.Email);
        Check(Recipient is not null, "recipient", "is required");
        Check(Recipient is null || email.Wrong is null, "recipient.email", email.Wrong!);
        CheckName("recipient.name", Recipient?.Name, FollowUp.Domain.Recipients.Recipient.LongestName);
        CheckName("recipient.firstName", Recipient?.FirstName, FollowUp.Domain.Recipients.Recipient.LongestPart);
        CheckName("recipient.lastName", Recipient?.LastName, FollowUp.Domain.Recipients.Recipient.LongestPart);
        var phone = string.IsNullOrWhiteSpace(Recipient?.Phone) ? default : PhoneInput.Read(Recipient.Phone);
        Check(phone.Wrong is null || !needsPhone, "recipient.phone", phone.Wrong!);
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
            : new Enrolment(ToRecipient(Recipient!, email, phone.Number), variables, OfferId, StartAt) { PhoneWarning = phone.Wrong };

        void CheckName(string field, string? name, int longest) =>
            Check(
                name is null || (name.Length <= longest && !name.Any(char.IsControl)),
                field,
                $"must be one line of at most {longest} characters"
            );

        void Check(bool holds, string field, string rule)
        {
            if (!holds)
            {
                errors.Add(new ValidationError(field, rule));
            }
        }
    }

    /// <summary>Blank names count as missing. The full name is joined from its parts, or taken from the address header.</summary>
    private static Recipient ToRecipient(RecipientInput input, EmailInput email, PhoneNumber? phone)
    {
        var (first, last) = (Given(input.FirstName), Given(input.LastName));
        var whole = first is null || last is null ? first ?? last : $"{first} {last}";
        var name = string.IsNullOrWhiteSpace(input.Name) ? null : input.Name;
        var fromAddress = email.Name is { Length: <= FollowUp.Domain.Recipients.Recipient.LongestName } ? email.Name : null;
        return new Recipient(
            email.Address!.Value,
            name ?? whole ?? fromAddress,
            phone,
            string.IsNullOrEmpty(input.TimeZone) ? null : input.TimeZone
        )
        {
            GivenFirstName = first,
            GivenLastName = last,
        };

        static string? Given(string? part) => string.IsNullOrWhiteSpace(part) ? null : part.Trim();
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
            // An unpaired surrogate or invalid UTF-8 is detected only when the text is requested.
            return "must be valid Unicode";
        }
    }

    /// <summary>
    /// Finds what PostgreSQL's jsonb would reject, and with it, in a bulk call, the whole batch: U+0000, and numbers outside the range of
    /// numeric.
    /// </summary>
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
