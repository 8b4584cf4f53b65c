using FollowUp.Application.Delivery;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Delivery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace FollowUp.UnitTests.Delivery;

public sealed class DeliverySettingsTests
{
    private const string Mail = "Email:Provider=drop Email:From=a@b.example";

    [Fact]
    public void In_Development_mail_is_dropped_without_any_setting()
    {
        using var services = Services(Environments.Development, "");

        var email = services.GetRequiredService<IOptions<EmailOptions>>().Value;

        (email.Provider, email.From).ShouldBe(("drop", "followup@localhost.localdomain"));
        email.DropPath.ShouldBe(Path.GetFullPath(".followup/mail"));
    }

    [Fact]
    public void The_drop_folder_lies_in_the_data_path()
    {
        using var services = Services(Environments.Development, "DataPath=/var/lib/followup");

        services.GetRequiredService<IOptions<EmailOptions>>().Value.DropPath.ShouldBe("/var/lib/followup/mail");
    }

    [Theory]
    [InlineData("drop", "")]
    [InlineData("smtp", "Smtp:Host=mail.example")]
    [InlineData("sendgrid", "SendGrid:ApiKey=SG.x")]
    [InlineData("SendGrid", "SendGrid:ApiKey=SG.x")]
    public void The_setting_selects_the_sender(string provider, string more)
    {
        using var services = Services(Environments.Production, $"Email:Provider={provider} Email:From=a@b.example {more}");

        var sender = services.GetRequiredService<IStepSenders>().For(Channel.Email)!;

        sender.Provider.ShouldBe(provider.ToLowerInvariant());
    }

    [Fact]
    public void Text_messages_need_all_of_Twilios_settings()
    {
        using var without = Services(Environments.Production, Mail);
        using var with = Services(Environments.Production, $"{Mail} Twilio:AccountSid=AC1 Twilio:AuthToken=t Twilio:From=+15005550006");

        without.GetRequiredService<IStepSenders>().For(Channel.Sms).ShouldBeNull();
        with.GetRequiredService<IStepSenders>().For(Channel.Sms)!.Provider.ShouldBe("twilio");
    }

    [Fact]
    public void Every_provider_has_a_sender()
    {
        using var services = Services(Environments.Development, "");

        var senders = services.GetServices<IStepSender>().Select(sender => (sender.Channel, sender.Provider));

        senders.ShouldBe(
            [(Channel.Email, "drop"), (Channel.Email, "sendgrid"), (Channel.Email, "smtp"), (Channel.Sms, "twilio")],
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData("", "Email:Provider must be set to sendgrid, smtp or drop outside Development (environment variable Email__Provider).")]
    [InlineData(
        "Email:Provider=pigeon",
        "Email:Provider is \"pigeon\", but it must be sendgrid, smtp or drop (environment variable Email__Provider)."
    )]
    [InlineData(
        "Email:Provider=drop",
        "Email:From must be set to the sender address of mails, without a name (environment variable Email__From)."
    )]
    [InlineData(
        "Email:Provider=drop Email:From=Anna",
        "Email:From must be set to the sender address of mails, without a name (environment variable Email__From)."
    )]
    [InlineData(
        "Email:Provider=sendgrid Email:From=a@b.example",
        "Email:Provider is sendgrid, so SendGrid:ApiKey must be set (environment variable SendGrid__ApiKey)."
    )]
    [InlineData(
        "Email:Provider=sendgrid Email:From=a@b.example SendGrid:ApiKey=x SendGrid:BaseUrl=nowhere",
        "SendGrid:BaseUrl must be an https address; http is accepted for loopback hosts only (environment variable SendGrid__BaseUrl)."
    )]
    [InlineData(
        "Email:Provider=sendgrid Email:From=a@b.example SendGrid:ApiKey=x SendGrid:BaseUrl=http://api.sendgrid.com",
        "SendGrid:BaseUrl must be an https address; http is accepted for loopback hosts only (environment variable SendGrid__BaseUrl)."
    )]
    [InlineData(
        "Email:Provider=sendgrid Email:From=a@b.example SendGrid:ApiKey=x SendGrid:BaseUrl=http://127.0.0.1.example.com",
        "SendGrid:BaseUrl must be an https address; http is accepted for loopback hosts only (environment variable SendGrid__BaseUrl)."
    )]
    [InlineData(
        Mail + " Twilio:AccountSid=AC1 Twilio:AuthToken=t Twilio:From=+15005550006 Twilio:BaseUrl=http://10.0.0.7:8080",
        "Twilio:BaseUrl must be an https address; http is accepted for loopback hosts only (environment variable Twilio__BaseUrl)."
    )]
    [InlineData(
        Mail + " Email:UseProxy=maybe",
        "Email:UseProxy is \"maybe\", but must be one of true, false (environment variable Email__UseProxy)."
    )]
    [InlineData(
        "Email:Provider=smtp Email:From=a@b.example Smtp:Host=h Smtp:Security=starttls",
        "Smtp:Security is \"starttls\", but must be one of required, none (environment variable Smtp__Security)."
    )]
    [InlineData(
        "Email:Provider=sendgrid Email:From=a@b.example SendGrid:ApiKey=ü",
        "SendGrid:ApiKey must be printable ASCII without spaces or line breaks (environment variable SendGrid__ApiKey)."
    )]
    [InlineData(
        "Email:Provider=smtp Email:From=a@b.example",
        "Email:Provider is smtp, so Smtp:Host must be set (environment variable Smtp__Host)."
    )]
    [InlineData(
        "Email:Provider=smtp Email:From=a@b.example Smtp:Host=h Smtp:Port=0",
        "Smtp:Port is \"0\", but must be a whole number from 1 to 65535 (environment variable Smtp__Port)."
    )]
    [InlineData(
        "Email:Provider=smtp Email:From=a@b.example Smtp:Host=h Smtp:User=u",
        "Smtp:User is set, so Smtp:Password must be set (environment variable Smtp__Password)."
    )]
    [InlineData(
        "Email:Provider=smtp Email:From=a@b.example Smtp:Host=h Smtp:Password=p",
        "Smtp:Password is set, so Smtp:User must be set (environment variable Smtp__User)."
    )]
    [InlineData(
        Mail + " Twilio:AccountSid=AC1 Twilio:From=+15005550006",
        "Twilio is partly set up, so Twilio:AuthToken must be set (environment variable Twilio__AuthToken)."
    )]
    public async Task A_missing_setting_stops_the_start_with_one_sentence_that_names_it(string settings, string sentence)
    {
        using var host = new HostBuilder()
            .UseEnvironment(Environments.Production)
            .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection(Parse(settings)))
            .ConfigureServices((context, services) => services.AddDelivery(context.Configuration, context.HostingEnvironment))
            .Build();

        var failure = await Should.ThrowAsync<SettingException>(() => host.StartAsync());

        failure.Message.ShouldBe(sentence);
    }

    [Theory]
    [InlineData("Smtp:Host=mail.example", true)]
    [InlineData("Smtp:Host=10.0.0.7", true)]
    [InlineData("Smtp:Host=localhost.example", true)]
    [InlineData("Smtp:Host=localhost", false)]
    [InlineData("Smtp:Host=127.0.0.2", false)]
    [InlineData("Smtp:Host=::1", false)]
    [InlineData("Smtp:Host=127.0.0.1 Smtp:Security=required", true)]
    [InlineData("Smtp:Host=mail.example Smtp:Security=none", false)]
    public void SMTP_requires_TLS_unless_the_host_is_local_or_the_operator_disables_it(string settings, bool required)
    {
        using var services = Services(Environments.Production, $"Email:Provider=smtp Email:From=a@b.example {settings}");

        services.GetRequiredService<IOptions<SmtpOptions>>().Value.TlsRequired.ShouldBe(required);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9101")]
    [InlineData("http://localhost:9101")]
    [InlineData("http://[::1]:9101")]
    [InlineData("https://proxy.example")]
    public void A_provider_URL_must_be_https_or_local(string url)
    {
        using var services = Services(
            Environments.Production,
            $"Email:Provider=sendgrid Email:From=a@b.example SendGrid:ApiKey=x SendGrid:BaseUrl={url}"
        );

        services.GetRequiredService<IOptions<EmailOptions>>().Value.Provider.ShouldBe("sendgrid");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Email:UseProxy=true", true)]
    public void Calls_use_the_environments_proxy_only_if_configured(string settings, bool proxy)
    {
        using var services = Services(Environments.Production, $"{Mail} {settings}");

        var handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("delivery");
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        handler.ShouldBeOfType<SocketsHttpHandler>().UseProxy.ShouldBe(proxy);
    }

    private static ServiceProvider Services(string environment, string settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Parse(settings)).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddDelivery(configuration, new HostingEnvironment { EnvironmentName = environment })
            .BuildServiceProvider(validateScopes: true);
    }

    private static Dictionary<string, string?> Parse(string settings) =>
        settings
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(setting => setting.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => (string?)parts[1]);
}
