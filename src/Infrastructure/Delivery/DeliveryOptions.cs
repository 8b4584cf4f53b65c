namespace FollowUp.Infrastructure.Delivery;

/// <summary>Section <c>Delivery</c>: how long a provider may take. Both lie far below a step's lease.</summary>
internal sealed class DeliveryOptions
{
    /// <summary>The longest call, from the connection to the whole answer.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for a connection: shorter than a call, so that a host that does not answer is seen as unreachable.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(4);
}

/// <summary>Section <c>Email</c>: who carries mail, and whom it comes from.</summary>
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
    /// Whether calls to SendGrid and Twilio go through the proxy that the environment names (<c>HTTPS_PROXY</c>). Off by default: what is sent must not
    /// depend on variables that were set for another purpose.
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
    /// <summary>The port on which TLS is spoken from the first byte (RFC 8314).</summary>
    public const int ImplicitTls = 465;

    public string Host { get; set; } = "";

    /// <summary>587 is the port for submission (RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary>
    /// Whether every connection must use TLS: from the first byte on port 465 (RFC 8314), by STARTTLS on others. Otherwise TLS is used only where the
    /// server offers it, so that anybody on the way can switch it off.
    /// </summary>
    public bool TlsRequired { get; set; } = true;

    public string User { get; set; } = "";

    public string Password { get; set; } = "";
}

/// <summary>Section <c>Twilio</c>. Without any of the first three there are no text messages.</summary>
internal sealed class TwilioOptions
{
    public const string Section = "Twilio";

    public string AccountSid { get; set; } = "";

    public string AuthToken { get; set; } = "";

    /// <summary>A number, a short code, an alphanumeric sender, or a messaging service (<c>MG…</c>).</summary>
    public string From { get; set; } = "";

    public string BaseUrl { get; set; } = "https://api.twilio.com";

    public bool Configured => AccountSid.Length > 0 && AuthToken.Length > 0 && From.Length > 0;
}
