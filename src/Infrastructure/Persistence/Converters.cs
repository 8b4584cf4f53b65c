using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FollowUp.Infrastructure.Persistence;

internal sealed class UpperConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Upper(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class LowerConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Lower(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class CamelConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Camel(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class EventTypeConverter() : ValueConverter<EventType, string>(type => type.Name, name => EventType.Read(name));

internal sealed class StepsConverter()
    : ValueConverter<IReadOnlyList<Step>, string>(steps => StepsJson.Write(steps), json => StepsJson.Read(json));

/// <summary>A migration's step map as JSON: from ids of old steps to ids of new steps, or null.</summary>
internal sealed class MapConverter()
    : ValueConverter<IReadOnlyDictionary<string, string?>, string>(
        map => JsonSerializer.Serialize(map, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, string?>>(json, JsonSerializerOptions.Default)!
    );

internal sealed class MapComparer()
    : ValueComparer<IReadOnlyDictionary<string, string?>>((left, right) => left == right, map => map.Count, map => map);

internal sealed class IdsConverter() : ValueConverter<IReadOnlyList<Guid>, Guid[]>(ids => ids.ToArray(), ids => ids);

internal sealed class IdsComparer()
    : ValueComparer<IReadOnlyList<Guid>>((left, right) => left!.SequenceEqual(right!), ids => ids.Count, ids => ids);

internal sealed class StepsComparer()
    : ValueComparer<IReadOnlyList<Step>>((left, right) => left!.SequenceEqual(right!), steps => steps.Count, steps => steps);

internal sealed class ScheduleConverter()
    : ValueConverter<Schedule, string>(schedule => ScheduleJson.Write(schedule), json => ScheduleJson.Read(json));

internal sealed class MovesConverter()
    : ValueConverter<IReadOnlyList<Move>, string>(moves => MovesJson.Write(moves), json => MovesJson.Read(json));

internal sealed class MovesComparer()
    : ValueComparer<IReadOnlyList<Move>>((left, right) => left!.SequenceEqual(right!), moves => moves.Count, moves => moves);

internal sealed class DatesComparer()
    : ValueComparer<IReadOnlyList<DateOnly>>((left, right) => left!.SequenceEqual(right!), dates => dates.Count, dates => dates);

internal sealed class NamesComparer()
    : ValueComparer<IReadOnlyList<string>>((left, right) => left!.SequenceEqual(right!), names => names.Count, names => names);

internal sealed class NamesConverter() : ValueConverter<IReadOnlyList<string>, string[]>(names => names.ToArray(), stored => stored);

internal sealed class DatesConverter() : ValueConverter<IReadOnlyList<DateOnly>, DateOnly[]>(dates => dates.ToArray(), stored => stored);

/// <summary>Counts by code, as JSON.</summary>
internal sealed class CountsConverter()
    : ValueConverter<IReadOnlyDictionary<string, int>, string>(
        counts => JsonSerializer.Serialize(counts, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, int>>(json, JsonSerializerOptions.Default)!
    );

internal sealed class CountsComparer()
    : ValueComparer<IReadOnlyDictionary<string, int>>((left, right) => left == right, counts => counts.Count, counts => counts);
