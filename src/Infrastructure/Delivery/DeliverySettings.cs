namespace FollowUp.Infrastructure.Delivery;

/// <summary>Completes the delivery settings, and refuses to start without those that the chosen provider needs.</summary>
internal sealed class DeliverySettings(
    IConfiguration configuration,
    IHostEnvironment environment,
    IOptions<DeliveryOptions> delivery,
    IOptions<SendGridOptions> sendGrid,
    IOptions<SmtpOptions> smtp,
    IOptions<TwilioOptions> twilio
) : IPostConfigureOptions<EmailOptions>, IValidateOptions<EmailOptions>
{
    public const string SendGrid = "sendgrid";
    public const string Smtp = "smtp";
    public const string Drop = "drop";

    public void PostConfigure(string? name, EmailOptions options)
    {
        options.Provider = options.Provider.Trim().ToLowerInvariant();
        options.From = options.From.Trim();
        options.FromName = string.IsNullOrWhiteSpace(options.FromName) ? null : SingleLine.Header(options.FromName);
        if (environment.IsDevelopment())
        {
            options.Provider = Or(options.Provider, Drop);
            options.From = Or(options.From, "followup@localhost.localdomain");
        }

        options.DropPath = Path.GetFullPath(Or(options.DropPath, Path.Combine(configuration["DataPath"] ?? ".followup", "mail")));
    }

    /// <summary>
    /// Throws instead of returning the error: the program then shows only this message, without the options framework's text around it.
    /// </summary>
    public ValidateOptionsResult Validate(string? name, EmailOptions options)
    {
        _ = delivery.Value; // Reading the value validates the durations.
        CheckMail(options);
        switch (options.Provider)
        {
            case SendGrid:
                CheckSendGrid(sendGrid.Value);
                break;
            case Smtp:
                CheckSmtp(smtp.Value);
                break;
            default:
                break;
        }

        CheckTwilio(twilio.Value);
        return ValidateOptionsResult.Success;
    }

    private static void CheckMail(EmailOptions options)
    {
        if (options.Provider.Length == 0)
        {
            throw new SettingException(
                "Email:Provider must be set to sendgrid, smtp or drop outside Development (environment variable Email__Provider)."
            );
        }

        if (options.Provider is not (SendGrid or Smtp or Drop))
        {
            throw new SettingException(
                $"Email:Provider is \"{SingleLine.Of(options.Provider)}\", but it must be sendgrid, smtp or drop (environment variable Email__Provider)."
            );
        }

        if (EmailAddress.Parse(options.From) is null)
        {
            throw new SettingException(
                "Email:From must be set to the sender address of mails, without a name (environment variable Email__From)."
            );
        }
    }

    private static void CheckSendGrid(SendGridOptions options)
    {
        Need(options.ApiKey, "Email:Provider is sendgrid, so SendGrid:ApiKey", "SendGrid__ApiKey");
        NeedToken(options.ApiKey, "SendGrid:ApiKey", "SendGrid__ApiKey");
        NeedUrl(options.BaseUrl, "SendGrid:BaseUrl", "SendGrid__BaseUrl");
    }

    private static void CheckSmtp(SmtpOptions options)
    {
        Need(options.Host, "Email:Provider is smtp, so Smtp:Host", "Smtp__Host");
        if (options.User.Length > 0)
        {
            Need(options.Password, "Smtp:User is set, so Smtp:Password", "Smtp__Password");
        }
        else if (options.Password.Length > 0)
        {
            Need(options.User, "Smtp:Password is set, so Smtp:User", "Smtp__User");
        }
    }

    /// <summary>
    /// If all are absent, no text messages are sent. If only some are absent, the configuration is wrong, and steps would be skipped silently.
    /// </summary>
    private static void CheckTwilio(TwilioOptions options)
    {
        if (options.AccountSid.Length + options.AuthToken.Length + options.From.Length == 0)
        {
            return;
        }

        Need(options.AccountSid, "Twilio is partly set up, so Twilio:AccountSid", "Twilio__AccountSid");
        Need(options.AuthToken, "Twilio is partly set up, so Twilio:AuthToken", "Twilio__AuthToken");
        Need(options.From, "Twilio is partly set up, so Twilio:From", "Twilio__From");
        NeedToken(options.AccountSid, "Twilio:AccountSid", "Twilio__AccountSid");
        NeedToken(options.AuthToken, "Twilio:AuthToken", "Twilio__AuthToken");
        NeedUrl(options.BaseUrl, "Twilio:BaseUrl", "Twilio__BaseUrl");
    }

    private static void Need(string value, string whatAndWhy, string variable)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new SettingException($"{whatAndWhy} must be set (environment variable {variable}).");
        }
    }

    private static void NeedToken(string value, string setting, string variable)
    {
        if (!value.All(c => c is > ' ' and <= '~'))
        {
            throw new SettingException(
                $"{setting} must be printable ASCII without spaces or line breaks (environment variable {variable})."
            );
        }
    }

    private static void NeedUrl(string value, string setting, string variable)
    {
        if (
            !Uri.TryCreate(value, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && Loopback.IsHost(uri.Host)))
        )
        {
            throw new SettingException(
                $"{setting} must be an https address; http is accepted for loopback hosts only (environment variable {variable})."
            );
        }
    }

    private static string Or(string value, string otherwise) => string.IsNullOrWhiteSpace(value) ? otherwise : value;
}
