using FollowUp.Application.Delivery;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Delivery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace FollowUp.IntegrationTests.Delivery;

/// <summary>The delivery services as the program registers them, with the settings of a test.</summary>
internal sealed class DeliveryHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public DeliveryHost(params (string Key, string? Value)[] settings)
        : this(Environments.Production, settings) { }

    private DeliveryHost(string environment, (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.GroupBy(setting => setting.Key).Select(same => KeyValuePair.Create(same.Key, same.Last().Value))
            )
            .Build();
        var host = new HostingEnvironment { EnvironmentName = environment };
        _services = new ServiceCollection().AddLogging().AddDelivery(configuration, host).BuildServiceProvider(validateScopes: true);
    }

    public IStepSenders Senders => _services.GetRequiredService<IStepSenders>();

    public DeliveryOptions Options => _services.GetRequiredService<IOptions<DeliveryOptions>>().Value;

    public static DeliveryHost InDevelopment(params (string Key, string? Value)[] settings) => new(Environments.Development, settings);

    public static DeliveryHost SendGrid(string url, string apiKey = "SG.test-key", params (string Key, string? Value)[] more) =>
        new([
            ("Email:Provider", "sendgrid"),
            ("Email:From", "anna@sender.example"),
            ("Email:FromName", "Anna"),
            ("SendGrid:ApiKey", apiKey),
            ("SendGrid:BaseUrl", url),
            .. more,
        ]);

    public static DeliveryHost Smtp(int port, params (string Key, string? Value)[] more) =>
        new([
            ("Email:Provider", "smtp"),
            ("Email:From", "anna@sender.example"),
            ("Email:FromName", "Anna"),
            ("Smtp:Host", "127.0.0.1"),
            ("Smtp:Port", port.ToString()),
            .. more,
        ]);

    public static DeliveryHost Twilio(string url, string token = "token", string from = "+15005550006") =>
        new([
            ("Email:Provider", "drop"),
            ("Email:From", "anna@sender.example"),
            ("Twilio:AccountSid", "AC00000000000000000000000000000001"),
            ("Twilio:AuthToken", token),
            ("Twilio:From", from),
            ("Twilio:BaseUrl", url),
        ]);

    public static OutgoingEmail Mail(string to = "ben@receiver.example", string? name = "Ben", string subject = "Your offer") =>
        new(
            new AttemptId(Guid.CreateVersion7()),
            new InstanceId(Guid.CreateVersion7()),
            EmailAddress.FromStore(to),
            name,
            subject,
            "<p>Hällo Ben</p>",
            "Hällo Ben"
        );

    public static OutgoingSms Sms(string text = "Still interested?") =>
        new(new AttemptId(Guid.CreateVersion7()), new InstanceId(Guid.CreateVersion7()), PhoneNumber.FromStore("+4915112345678"), text);

    public Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken = default) =>
        Senders.For(message is OutgoingEmail ? Channel.Email : Channel.Sms)!.Send(message, cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
