using FollowUp.Application.Templates;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Registers the templates.</summary>
internal static class TemplateServices
{
    /// <summary>Registers the templates.</summary>
    internal static IServiceCollection AddTemplates(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TemplateCache>();
        return services.AddSingleton<ITemplateRenderer, LiquidTemplates>();
    }
}
