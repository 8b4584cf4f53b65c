using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FollowUp.Infrastructure.Persistence;

internal sealed class UpperConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Upper(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class LowerConverter<T>() : ValueConverter<T, string>(value => DbEnumNames.Lower(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class CamelConverter<T>() : ValueConverter<T, string>(value => CamelNames.Of(value), name => DbEnumNames.Read<T>(name))
    where T : struct, Enum;

internal sealed class EventTypeConverter() : ValueConverter<EventType, string>(type => type.Name, name => EventType.Read(name));

internal sealed class EventStatusConverter() : ValueConverter<EventStatus, string>(status => status.Name, name => EventStatus.Read(name));

internal sealed class StepsConverter()
    : ValueConverter<IReadOnlyList<Step>, string>(steps => StepsJson.Write(steps), json => StepsJson.Read(json));

internal sealed class ScheduleConverter()
    : ValueConverter<Schedule, string>(schedule => ScheduleJson.Write(schedule), json => ScheduleJson.Read(json));

internal sealed class MovesConverter()
    : ValueConverter<IReadOnlyList<Move>, string>(moves => MovesJson.Write(moves), json => MovesJson.Read(json));

internal sealed class DictionaryConverter<T>()
    : ValueConverter<IReadOnlyDictionary<string, T>, string>(
        values => JsonSerializer.Serialize(values, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, T>>(json, JsonSerializerOptions.Default)!
    );

internal sealed class DictionaryComparer<T>()
    : ValueComparer<IReadOnlyDictionary<string, T>>((left, right) => left == right, values => values.Count, values => values);

internal sealed class ArrayConverter<T>() : ValueConverter<IReadOnlyList<T>, T[]>(values => values.ToArray(), stored => stored);

internal sealed class ListComparer<T>()
    : ValueComparer<IReadOnlyList<T>>((left, right) => left!.SequenceEqual(right!), values => values.Count, values => values);
