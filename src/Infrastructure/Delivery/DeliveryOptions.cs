namespace FollowUp.Infrastructure.Delivery;

/// <summary>Section <c>Delivery</c>: time limits for providers. Both must be far below a step's lease.</summary>
internal sealed class DeliveryOptions
{
    /// <summary>Time limit of a call, from connecting to the complete response.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time limit for connecting: shorter than a call's, so that a host that does not respond counts as unreachable.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(4);
}

/// <summary>Section <c>Email</c>: the provider and the sender of mails.</summary>
internal sealed class EmailOptions
{
    public const string Section = "Email";

    /// <summary><c>sendgrid</c>, <c>smtp</c> or <c>drop</c>.</summary>
    public string Provider { get; set; } = "";

    public string From { get; set; } = "";
    public string? FromName { get; set; }

    /// <summary>The folder that <c>drop</c> writes to.</summary>
    public string DropPath { get; set; } = "";

    /// <summary>
    /// Whether calls to SendGrid and Twilio use the proxy of the environment (<c>HTTPS_PROXY</c>). Off by default: sending must not depend on
    /// variables that were set for another purpose.
    /// </summary>
    public bool ThroughProxy { get; set; }
}

/// <summary>Section <c>SendGrid</c>.</summary>
internal sealed class SendGridOptions
{
    public const string Section = "SendGrid";

    public string ApiKey { get; set; } = "";
    public string BaseUrl { get; set; } = "https://api.sendgrid.com";
}

/// <summary>Section <c>Smtp</c>.</summary>
internal sealed class SmtpOptions
{
    /// <summary>The port for implicit TLS (RFC 8314).</summary>
    public const int ImplicitTls = 465;

    public string Host { get; set; } = "";

    /// <summary>587 is the port for submission (RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary>
    /// Whether every connection must use TLS: implicit TLS on port 465 (RFC 8314), STARTTLS on other ports. Otherwise TLS is used only if the server
    /// offers it, so an attacker on the network path can disable it.
    /// </summary>
    public bool TlsRequired { get; set; } = true;

    public string User { get; set; } = "";
    public string Password { get; set; } = "";
}

/// <summary>Section <c>Twilio</c>. If the first three are all absent, no text messages are sent.</summary>
internal sealed class TwilioOptions
{
    public const string Section = "Twilio";

    public string AccountSid { get; set; } = "";
    public string AuthToken { get; set; } = "";

    /// <summary>A phone number, a short code, an alphanumeric sender, or a messaging service (<c>MG…</c>).</summary>
    public string From { get; set; } = "";

    public string BaseUrl { get; set; } = "https://api.twilio.com";
    public bool Configured => AccountSid.Length > 0 && AuthToken.Length > 0 && From.Length > 0;
}
