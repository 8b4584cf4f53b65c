using System.Diagnostics;
using FollowUp.Infrastructure.Delivery.Smtp;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FollowUp.Infrastructure.Delivery;

internal static class DeliveryServices
{
    /// <summary>The name of the HTTP client that all senders use.</summary>
    public const string HttpClient = "delivery";

    /// <summary>Registers the senders and their settings; the settings are validated when the host starts.</summary>
    internal static IServiceCollection AddDelivery(
        this IServiceCollection services,
        IConfiguration configuration,
        IHostEnvironment environment
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DeliveryOptions>().Configure(options => Read(options, configuration));
        services.AddOptions<SendGridOptions>().Bind(configuration.GetSection(SendGridOptions.Section));
        services.AddOptions<SmtpOptions>().Configure(options => Read(options, configuration));
        services.AddOptions<TwilioOptions>().Bind(configuration.GetSection(TwilioOptions.Section));
        services
            .AddOptions<EmailOptions>()
            .Bind(configuration.GetSection(EmailOptions.Section))
            .Configure(options => options.ThroughProxy = configuration.Choice("Email:UseProxy", "false", "true", "false") == "true")
            .ValidateOnStart();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DeliverySettings>(provider, configuration, environment));
        services.AddSingleton<IPostConfigureOptions<EmailOptions>>(provider => provider.GetRequiredService<DeliverySettings>());
        services.AddSingleton<IValidateOptions<EmailOptions>>(provider => provider.GetRequiredService<DeliverySettings>());

        // Only the senders of this module: a sandbox has its own, and neither set may be registered in place of the other.
        services.Scan(scan =>
            scan.FromAssemblyOf<StepSenders>()
                .AddClasses(classes => classes.AssignableTo<IStepSender>().InNamespaceOf<StepSenders>(), publicOnly: false)
                .As<IStepSender>()
                .WithSingletonLifetime()
        );
        services.AddSingleton<IStepSenders, StepSenders>();
        services.AddSingleton<ISenderIdentity, SenderIdentity>();
        services.AddSingleton<ProviderHttpClient>();
        services.AddSingleton<SmtpConnections>();
        services.AddDeliveryHttp();
        return services;
    }

    private static void Read(DeliveryOptions options, IConfiguration settings)
    {
        options.CallTimeout = settings.Duration("Delivery:CallTimeout", options.CallTimeout, TimeSpan.FromMilliseconds(1));
        options.ConnectTimeout = settings.Duration("Delivery:ConnectTimeout", options.ConnectTimeout, TimeSpan.FromMilliseconds(1));
    }

    private static void Read(SmtpOptions options, IConfiguration settings)
    {
        options.Host = settings["Smtp:Host"] ?? "";
        options.Port = settings.Whole("Smtp:Port", options.Port, 1, 65_535);
        options.User = settings["Smtp:User"] ?? "";
        options.Password = settings["Smtp:Password"] ?? "";
        options.TlsRequired =
            settings.Choice("Smtp:Security", Loopback.IsHost(options.Host) ? "none" : "required", "required", "none") == "required";
    }

    private static void AddDeliveryHttp(this IServiceCollection services) =>
        services
            .AddHttpClient(HttpClient)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan) // ProviderHttpClient times calls out itself and therefore knows the cause.
            .UseSocketsHttpHandler(
                (handler, provider) =>
                {
                    Tune(handler, provider.GetRequiredService<IOptions<DeliveryOptions>>().Value);
                    handler.UseProxy = provider.GetRequiredService<IOptions<EmailOptions>>().Value.ThroughProxy;
                }
            )
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // PooledConnectionLifetime renews connections; the pool itself need not be replaced.
            .RemoveAllLoggers(); // They would log each call with its URL, which contains the account.

    private static void Tune(SocketsHttpHandler handler, DeliveryOptions options)
    {
        // Following a redirect or answering a challenge would send a second request.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = options.ConnectTimeout;
        // One host, many lanes: one connection per concurrent call, renewed so that DNS changes are noticed.
        handler.MaxConnectionsPerServer = int.MaxValue;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        // Well below the idle timeout of the providers' load balancers, so that this side closes first and no request is written into a connection
        // that the other side is closing, which would put the send in doubt.
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20);
        // Spans are recorded, but trace ids are not sent to third parties.
        handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
    }
}
