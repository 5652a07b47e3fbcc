/* settings.c - everything that can be set, with its defaults. */
#include "nightreel/stage.h"

#include "core/banned.h"

void nr_settings_default(struct nr_settings *settings)
{
    *settings = (struct nr_settings){0};
    nr_clean_params_default(&settings->clean);
    nr_weight_params_default(&settings->weights);
    nr_decode_params_default(&settings->decode);
    nr_text_params_default(&settings->text);
    nr_embed_params_default(&settings->embed);
    nr_fuse_params_default(&settings->fuse);
    nr_factor_params_default(&settings->factors);
    nr_describe_params_default(&settings->describe);
    nr_profile_params_default(&settings->profile);
    nr_match_params_default(&settings->match);
    nr_model_params_default(&settings->models);
}

const char *nr_settings_check(const struct nr_settings *settings)
{
    const char *const wrong[] = {
        nr_clean_params_check(&settings->clean),     nr_weight_params_check(&settings->weights),
        nr_decode_params_check(&settings->decode),   nr_text_params_check(&settings->text),
        nr_embed_params_check(&settings->embed),     nr_fuse_params_check(&settings->fuse),
        nr_factor_params_check(&settings->factors),  nr_describe_params_check(&settings->describe),
        nr_profile_params_check(&settings->profile), nr_match_params_check(&settings->match),
        nr_model_params_check(&settings->models),
    };
    for (size_t i = 0; i < NR_COUNT(wrong); i++)
        if (wrong[i])
            return wrong[i];
    if (settings->describe.vision && !settings->decode.thumbnails)
        return "--vision needs --thumbnails DIR, the folder of the videos' pictures";
    return NULL;
}
