namespace FollowUp.Application.Recipients;

/// <summary>An address to suppress, in a request or a list. Parsed like the addresses of enrolments.</summary>
public sealed record SuppressionInput
{
    /// <summary><c>EMAIL</c> (default) or <c>SMS</c>.</summary>
    [OneOf("EMAIL", "SMS")]
    public string? Channel { get; init; }

    /// <summary>The mail address or telephone number.</summary>
    public string? Address { get; init; }

    /// <summary>Shorthand for <c>address</c> with the channel EMAIL.</summary>
    public string? Email { get; init; }

    /// <summary>Shorthand for <c>address</c> with the channel SMS.</summary>
    public string? Phone { get; init; }

    /// <summary>Why it is suppressed; <c>manual</c> when absent.</summary>
    [OneOf(typeof(SuppressionReasons))]
    public string? Reason { get; init; }

    /// <summary>The channel, the address in its comparison form and the reason; or the errors by field.</summary>
    internal Result<(Channel Channel, string Address, StopReason Reason)> Read()
    {
        List<ValidationError> errors = [];
        var reason = SuppressionRules.ReadReason(Reason ?? SuppressionReasons.Manual);
        if (reason is null)
        {
            errors.Add(new("reason", SuppressionRules.ReasonRule));
        }

        var (field, text, channel) =
            Email is not null ? ("email", Email, FollowUp.Domain.Recipients.Channel.Email)
            : Phone is not null ? ("phone", Phone, FollowUp.Domain.Recipients.Channel.Sms)
            : ("address", Address, SuppressionRules.ReadChannel(Channel ?? "EMAIL"));
        if (channel is null)
        {
            errors.Add(new("channel", SuppressionRules.ChannelRule));
        }

        if ((Address is null ? 0 : 1) + (Email is null ? 0 : 1) + (Phone is null ? 0 : 1) != 1)
        {
            errors.Add(new("address", "is required exactly once, as address, email or phone"));
        }
        else if (channel is { } known)
        {
            var (address, wrong) = Normalize(known, text);
            if (wrong is not null)
            {
                errors.Add(new(field, wrong));
            }
            else if (reason is { } why && errors.Count == 0)
            {
                return (known, address!, why);
            }
        }

        return Result.Invalid(errors);
    }

    private static (string? Address, string? Wrong) Normalize(Channel channel, string? text)
    {
        if (channel == FollowUp.Domain.Recipients.Channel.Sms)
        {
            var phone = PhoneInput.Read(text);
            return (phone.Number?.Value, phone.Wrong);
        }

        var email = EmailInput.Read(text);
        return (email.Address?.Key, email.Wrong);
    }
}
